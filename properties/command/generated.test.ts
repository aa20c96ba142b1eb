import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it, vi } from "vitest";
import { exitCodes } from "../../src/command/exit-codes.js";
import { driftExitCodes } from "../../src/drift/report.js";
import { theorems } from "../claim/toy-theorems.js";
import { poolHere, runHere } from "./run-here.js";

const directory = mkdtempSync(join(tmpdir(), "generated-"));
afterAll(() => rmSync(directory, { recursive: true }));

const registry = { theorems, url: "", pool: poolHere };

/** What the command line prints, all in all, and ends with. */
async function run(args: readonly string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await runHere(registry, args);
  return { code, text: stdout + stderr };
}

const token = (replay: object) => Buffer.from(JSON.stringify(replay)).toString("base64url");
const sound = {
  ...{ theorem: "coin", claim: "at-most-half", world: "as stated", seed: 1, maxDraws: 20 },
  ...{ falseAlarm: 0.01, falsePass: 0.01, configuration: { size: 1, bias: 0.5 } },
};
const spoilt: readonly Partial<Record<keyof typeof sound, unknown>>[] = [
  ...[{ configuration: {} }, { configuration: { size: 1 } }, { configuration: { size: 1, bias: 0.5, k: 0 } }],
  ...[{ maxDraws: -1 }, { maxDraws: 0.5 }, { maxDraws: 1e300 }, { falsePass: 0 }, { falseAlarm: 2 }, { seed: 0.5 }],
  ...[{ theorem: "dice" }, { claim: "none" }, { world: "none" }, { world: 3 }],
];

const number = fc.oneof(
  fc.constantFrom("0", "-1", "1", "2", "1.5", "1e400", "NaN", "", "x", "1e17", "0x10", "Infinity", "__proto__"),
  fc.integer({ min: -5, max: 50 }).map(String),
);
const name = fc.constantFrom("size", "bias", "__proto__", "constructor", "k", "", "d", "toString");
const setting = fc
  .array(fc.tuple(name, number, fc.constantFrom("=", "==", "", "=3=")), { maxLength: 3 })
  .map((parts) => parts.map(([left, right, sign]) => `${left}${sign}${right}`).join(","));
const range = fc.tuple(name, number, number).map(([left, from, to]) => `${left}=${from}..${to}`);
const word = fc.oneof(
  { weight: 6, arbitrary: fc.constant("coin") },
  fc.constantFrom("coin", "dice", "at-most-half", "1", "lda", "rooms", directory, join(directory, "none"), "-", "--"),
  fc.constantFrom(token(sound), ...spoilt.map((change) => token({ ...sound, ...change })), token([]), "null", "@"),
  setting,
  fc.string({ maxLength: 6 }),
);
const option = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ["--set", "bias=0.3"],
      ["--seed", "3"],
      ["--json"],
      ["--drop"],
      ["--sweep", "size=1..9"],
    ),
  },
  fc.tuple(fc.constantFrom("--set"), setting),
  fc.tuple(fc.constantFrom("--sweep", "--x", "--y"), range),
  fc.tuple(fc.constantFrom("--seed", "--max-draws", "--workers", "--points", "--alarm", "--configurations"), number),
  fc.tuple(fc.constantFrom("--evidence", "--goldens", "--code", "--csv", "--claim", "--scale", "--only"), word),
  fc.tuple(fc.constantFrom("--fresh", "--json", "--drop", "--rivals", "--quick", "--github", "--help", "--nonsense")),
);
/** What a command would do for long, or to others, if it were sound: no such line is sound. */
const spoiler: Readonly<Record<string, fc.Arbitrary<string[]>>> = {
  drift: fc.constantFrom(
    ["--only", "rooms,nothing"],
    ["--accept", " "],
    ["--goldens", join(directory, "junk")],
    ["--goldens", directory, "--only", ""],
    ["--workers", "0"],
    ["--help"],
    ["extra"],
  ),
  site: fc.constantFrom(["--nonsense"], ["extra"], ["--out"], ["--help"]),
  worker: fc.constantFrom([], ["--threads", "0"], ["--lock", "x", "--redis", "redis://x"], ["--help"], ["--redis"]),
};
const spoiltLine = fc
  .tuple(fc.constantFrom(...Object.keys(spoiler)), fc.array(option, { maxLength: 2 }))
  .chain(([command, options]) => spoiler[command]!.map((spoilt) => [command, ...options.flat(), ...spoilt]));
const place = fc.constantFrom(
  directory,
  join(directory, "new"),
  join(directory, "junk", "rooms.json", "x"),
  "/dev/null/x",
);
const initLine = fc
  .tuple(fc.array(place, { maxLength: 2 }), fc.array(option, { maxLength: 1 }))
  .map(([places, options]) => ["init", ...places, ...options.flat()]);
const judgingLine = fc
  .tuple(
    fc.constantFrom("list", "verify", "audit", "map", "replay", "merge", "figure", "nonsense"),
    fc.array(word, { maxLength: 2 }),
    fc.array(option, { maxLength: 3 }),
  )
  .map(([command, words, options]) => [command, ...words, ...options.flat()])
  // What is left out is a figure that is drawn, and a run in the reader's folder.
  .filter(([command, first]) => !(command === "figure" && (first === "1" || first === "lda")))
  .map((args) => (args[0] === "verify" || args[0] === "audit" ? [...args, "--max-draws", "20"] : args))
  .map((args) => (args[0] === "map" ? [...args, "--out", directory, "--columns", "2", "--rows", "2"] : args));

const line = fc.oneof(
  { weight: 8, arbitrary: judgingLine },
  { weight: 1, arbitrary: spoiltLine },
  { weight: 1, arbitrary: initLine },
);

const documented = new Set<number>([...Object.values(exitCodes), ...Object.values(driftExitCodes)]);

it("1,000 generated command lines end with a documented code, none with a stack trace or as a failure", async () => {
  const here = process.cwd();
  process.chdir(directory);
  mkdirSync(join(directory, "junk"));
  writeFileSync(join(directory, "junk", "rooms.json"), "{}");
  const codes = new Map<number, number>();
  const commands = new Set<string>();
  try {
    await fc.assert(
      fc.asyncProperty(line, async (args) => {
        const { code, text } = await run(args);
        codes.set(code, (codes.get(code) ?? 0) + 1);
        commands.add(args[0]!);
        expect(documented.has(code), `${code}`).toBe(true);
        // A place that cannot be written to is a failure of none but init here: what else writes asks before.
        if (code === exitCodes.failure) expect(text).toMatch(/^icl-claims: cannot write [^\n]*\n$/);
        expect(text).not.toMatch(/\n {4}at |Invalid (typed )?array length|\[\[/);
        if (code === exitCodes.usage) expect(text.trim()).not.toBe("");
      }),
      { seed: 1, numRuns: 1000 },
    );
  } finally {
    process.chdir(here);
  }
  // Usage alone would show little: several dozen lines are sound by chance.
  expect(codes.get(0)).toBeGreaterThan(30);
  expect(codes.get(2)).toBeGreaterThan(300);
  const all = ["list", "verify", "audit", "map", "replay", "merge", "figure", "drift", "init", "site", "worker"];
  expect([...commands].sort()).toEqual([...all, "nonsense"].sort());
}, 300_000);

it.each(spoilt.map((change) => [JSON.stringify(change), change] as const))(
  "refuses a token with %s",
  async (_, change) => {
    expect(await run(["replay", token({ ...sound, ...change })])).toMatchObject({ code: 2 });
    expect((await run(["replay", token(sound)])).code).not.toBe(2);
  },
);

it.each([
  [["verify", "coin", "--set", "bias=2", "--set", "k=2"], /coin has no parameter "k"/],
  [["verify", "coin", "--set", "bias=.1", "--set", "bias=.2"], /bias is set twice/],
  [["verify", "coin", "--set", "__proto__=1"], /coin has no parameter "__proto__"/],
  [["figure", "lda", "--set", "__proto__=1"], /there is no setting "__proto__"/],
  [["figure", "lda", "--set", "d=3=4"], /sets more than one value/],
  [["figure", "lda", "--set", "d=3,d=4"], /d is set twice/],
  [["figure", "lda", "--set", "d=3", "--set", "tasks=1.5=2"], /sets more than one value/],
  [["verify", "--fresh", "--seed", "3"], /--fresh draws a seed and --seed gives one: not both/],
  [["verify", "--evidence", directory, "--code", "a"], /cannot write .*: a directory is there/],
  [["verify", "--evidence", "new/", "--code", "a"], /cannot write new\/: it names a directory, and a file is needed/],
  [["verify", "--evidence", "", "--code", "a"], /a file to write needs a name, got none/],
  [["audit", "coin", "--sweep", "size=1..9", "--csv", directory], /cannot write .*: a directory is there/],
  [["figure", "1", "--set", "svmTests=1.5"], /svmTests must be an integer at least 2, got 1.5/],
  [["figure", "1", "--set", "tests=-1"], /tests must be an integer at least 2, got -1/],
  [["replay", token({ ...sound, maxDraws: -1 })], /the token's maxDraws must be an integer at least 1, got -1/],
  [["replay", token({ ...sound, configuration: {} })], /a configuration of coin needs size/],
  [["verify", "--evidence", "/dev/null/x", "--code", "a"], /cannot write|no directory/],
  [["drift", "--only", "rooms,nothing"], /must be some of rooms, figures, claims/],
])("refuses %j before anything runs", async (args, message) => {
  const { code, text } = await run(args);
  expect(text).toMatch(message);
  expect(code).toBe(2);
});

it("documents every exit code in every command's help", async () => {
  const all = ["list", "verify", "audit", "map", "replay", "merge", "figure", "drift", "init", "site", "worker"];
  for (const command of all) {
    const { text } = await run([command, "--help"]);
    expect(text, command).toMatch(/Exit code: 0[\s\S]*2 bad usage[\s\S]*70 failure[\s\S]*130 interrupted/);
  }
});

it("refuses to accept drift where CI is set", async () => {
  vi.stubEnv("CI", "true");
  expect(await run(["drift", "--accept", "why", "--goldens", directory])).toMatchObject({ code: 2 });
  vi.unstubAllEnvs();
});
