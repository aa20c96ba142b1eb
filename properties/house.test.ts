import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const root = new URL("..", import.meta.url).pathname;

/** Every TypeScript file below a folder, by its path from the root. */
function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesIn(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

/** What a file imports from the project, as paths from the root, without their ending. */
function importsOf(file: string, text = readFileSync(join(root, file), "utf8")): string[] {
  return [...text.matchAll(/(?:from|import) ?\(?"(\.[^"]+)"/g)].map(([, path]) =>
    normalize(join(dirname(file), path!)).replace(/\.[jt]s$/, ""),
  );
}

/** Which rooms of `src` a room may import; its own files it always may, and `argument`, how arguments are refused. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  random: [],
  linalg: ["random"],
  mixture: ["random", "linalg"],
  transformer: ["random", "linalg", "mixture"],
  learners: ["random", "linalg", "mixture"],
  risk: ["random", "linalg", "mixture", "transformer", "learners"],
  stats: ["random"],
  claim: ["random", "stats"],
  report: ["claim", "stats", "transformer"],
  figure: ["random", "linalg", "mixture", "transformer", "learners", "risk", "claim", "report"],
  drift: ["random", "linalg", "mixture", "transformer", "learners", "risk", "stats", "claim", "report", "figure"],
  cluster: ["claim", "figure", "report", "linalg", "transformer"],
  command: ["claim", "stats", "report", "figure", "drift", "cluster", "linalg"],
};

/** As seen: the tilde of R̃ has no width of its own. */
const widthOf = (line: string) => [...line.replace(/\p{M}/gu, "")].length;

const roomOf = (path: string) => path.split("/")[1]!;
const inRooms = filesIn("src").filter((file) => file.split("/").length > 2 && !file.includes("/kernels/assembly/"));

function strays(file: string, imports = importsOf(file)): string[] {
  const allowed = [roomOf(file), "argument", ...(rooms[roomOf(file)] ?? [])];
  return imports
    .filter((path) => !path.startsWith("src/") || !allowed.includes(roomOf(path)))
    .map((path) => `${file} imports ${path}`);
}

describe("the house", () => {
  it("has imports that run one way, and theorems that only the command line knows", () => {
    expect(new Set(inRooms.map(roomOf))).toEqual(new Set(Object.keys(rooms)));
    expect(inRooms.flatMap((file) => strays(file))).toEqual([]);
    expect(strays("src/stats/judge.ts", ["src/claim/judging"])).toHaveLength(1);
    expect(strays("src/claim/suite.ts", ["theorems/index"])).toHaveLength(1);
  });

  it("has files of at most 400 lines, and lines of at most 120 characters", () => {
    const files = [...filesIn("src"), ...filesIn("theorems")];
    const long = files.flatMap((file) => {
      const lines = readFileSync(join(root, file), "utf8").split("\n");
      const wide = lines.flatMap((line, i) =>
        widthOf(line) > 120 ? [`${file}:${i + 1} is ${widthOf(line)} wide`] : [],
      );
      return lines.length > 401 ? [`${file} has ${lines.length - 1} lines`, ...wide] : wide;
    });
    expect(long).toEqual([]);
  });

  it("isolates the tests that put other modules in the place of the project's, which files of tests share", () => {
    const mocking = (path: string) => /vi\.(mock|doMock|resetModules)\(/.test(readFileSync(join(root, path), "utf8"));
    const tests = filesIn("properties").filter((path) => mocking(path));
    expect(tests.length).toBeGreaterThan(1);
    expect(tests.filter((path) => !path.endsWith(".isolated.test.ts"))).toEqual([]);
  });
});
