import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { judge } from "../../src/claim/judging.js";
import { statedWorld } from "../../src/claim/theorem.js";
import { openCluster } from "../../src/cluster/cluster.js";
import { serve } from "../../src/cluster/serving.js";
import { slowCoin } from "./theorems.js";

/** The theorems of these tests, as a worker loads them. */
export const registry = new URL("./theorems.ts", import.meta.url).href;

/** How the coordinators of these tests judge. */
export const rates = { falseAlarm: 1e-3, falsePass: 1e-3, seed: 0, maxDraws: 4000, configurations: 2 };

/** A process of its own, which may be killed. */
export interface Child {
  readonly pid: number;
  readonly lines: string[];
  /** Resolves when a line matches. */
  readonly said: (text: RegExp) => Promise<string>;
  readonly kill: () => Promise<void>;
  readonly ended: Promise<void>;
}

/** Runs this file as a worker, or as the coordinator of a run that judges the slow coin and prints the judgements. */
export function start(role: "worker" | "coordinator", options: object): Child {
  const file = new URL(import.meta.url).pathname;
  const child = spawn(process.execPath, ["--import", "tsx", file, role, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return watch(child);
}

export function watch(child: ChildProcess): Child {
  const lines: string[] = [];
  const hearers = new Set<() => void>();
  let rest = "";
  child.stdout!.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    lines.push(...parts);
    for (const hear of hearers) hear();
  });
  const ended = once(child, "exit").then(() => undefined);
  const said = (text: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const hear = () => {
        const line = lines.find((one) => text.test(one));
        if (line === undefined) return;
        hearers.delete(hear);
        resolve(line);
      };
      hearers.add(hear);
      hear();
      void ended.then(() => reject(new Error(`ended without saying ${text}: ${lines.join(" / ")}`)));
    });
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return { pid: child.pid!, lines, said, kill, ended };
}

const [, , role, options] = process.argv;
if (role === "worker") {
  await serve({ threads: 1, registry, say: (line: string) => console.log(line), ...JSON.parse(options!) });
}
if (role === "coordinator") {
  const { configuration, ...rest } = JSON.parse(options!);
  const cluster = await openCluster({ limit: 60, say: (line: string) => console.log(line), ...rest });
  const judgements = await judge(slowCoin, ["its-bias"], statedWorld, { ...rates, draw: cluster.draw }, [
    { configuration },
  ]);
  cluster.finished();
  await cluster.close();
  console.log(`judged ${JSON.stringify(judgements.map((judgement) => ({ ...judgement, seconds: 0 })))}`);
}
