import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { theorems } from "../theorems/index.js";
import { commandLine } from "./command/command-line.js";
import { poolHere, runHere } from "./command/run-here.js";

const root = new URL("..", import.meta.url).pathname;
const here = (...args: string[]) => runHere({ theorems, url: "", pool: poolHere }, args);

/** Runs the command line as a person does, in a process and with worker threads of its own. */
function icl(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...commandLine, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("the command line", () => {
  it.each([
    [["verify", "nonsense"], /^icl-claims: there is no theorem "nonsense"; there are max-margin-direction/],
    [
      ["verify", "--seed", "x"],
      /^icl-claims: option '--seed <N>' argument 'x' is invalid. It must be an integer at least 0.\n$/,
    ],
    [["verify", "--alarm", "2"], /a rate strictly between 0 and 1/],
    [
      ["verify", "max-margin-direction", "--set", "d=500,k=600"],
      /^icl-claims: .*k must not exceed d, got k = 600, d = 500\n$/,
    ],
    [["verify", "--set", "d=3"], /--set needs one theorem/],
    [
      ["audit", "max-margin-direction", "--set", "k=200,d=100"],
      /^icl-claims: k must not exceed d, got k = 200, d = 100\n$/,
    ],
    [["audit", "max-margin-direction", "--set", "N=0"], /N must be an integer at least 1, got 0/],
    [["audit", "max-margin-direction", "--csv", "x.csv"], /--csv needs --sweep/],
    [["verify", "--evidence", "x"], /--evidence and --code go together/],
    [["merge", "nowhere.jsonl"], /nowhere.jsonl cannot be read: ENOENT/],
    [["replay", "nonsense"], /"nonsense" is not a replay token/],
    [["nonsense"], /unknown command 'nonsense'/],
  ])("refuses %j with one clear line and exit code 2", async (args, message) => {
    const { code, stdout, stderr } = await here(...args);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("refuses as a process of its own does", async () => {
    const { status, ...printed } = icl("verify", "nonsense");
    expect(await here("verify", "nonsense")).toEqual({ code: status, ...printed });
    expect(status).toBe(2);
  });

  it("lists every theorem with its claims, and as JSON", async () => {
    expect((await here("list")).stdout).toMatch(/^max-margin-direction +stated +Gradient descent/);
    const rows = JSON.parse((await here("list", "--json")).stdout) as { id: string; claims: object[] }[];
    expect(rows[0]).toMatchObject({ id: "max-margin-direction" });
    expect(rows[0]!.claims.length).toBeGreaterThan(3);
  });

  it("writes evidence that merges with that of other seeds, and not with itself", async () => {
    const directory = mkdtempSync(join(tmpdir(), "evidence-"));
    const files = [1, 2].map((seed) => join(directory, `${seed}.jsonl`));
    const set = ["--set", "k=2,B=16,R=30", "--code", "abc"];
    for (const [i, file] of files.entries()) {
      await here("verify", "max-margin-direction", ...set, "--seed", String(i + 1), "--evidence", file);
    }
    expect((await here("merge", ...files)).stdout).toMatch(
      /^supported log10 e 1\d\.\d+ +max-margin-direction\/angle-falls$/m,
    );
    expect(await here("merge", files[0]!, files[0]!)).toMatchObject({ code: 2, stdout: "" });
    rmSync(directory, { recursive: true });
  });

  it("verifies at a configuration set by hand", () => {
    const { status, stdout, stderr } = icl("verify", "linear-rate", "--set", "d=2", "--max-draws", "300");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/✓ supported squared-distance/);
    expect(stdout).toMatch(/14 as expected, 0 not; seed 0/);
    expect(status).toBe(0);
  });
});
