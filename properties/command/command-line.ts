import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = new URL("../..", import.meta.url).pathname;

/** Whether there is a build, and no source is newer than it. */
export const built = isBuilt();

/**
 * What Node is given to start the command line in a process of its own: as built, which starts in two fifths of the
 * time, or else from source.
 */
export const commandLine: readonly string[] = built
  ? [join(root, "dist/src/cli.js")]
  : ["--import", import.meta.resolve("tsx"), join(root, "src/cli.ts")];

function isBuilt(): boolean {
  const file = join(root, "dist/src/cli.js");
  if (!existsSync(file)) return false;
  const since = statSync(file).mtimeMs;
  return ["src", "theorems"].every((room) =>
    (readdirSync(join(root, room), { recursive: true }) as string[]).every(
      (file) => statSync(join(root, room, file)).mtimeMs <= since,
    ),
  );
}
