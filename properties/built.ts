import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;

/** Whether there is a build, and no source is newer than it: what it computes is then what the sources say. */
export const built = isBuilt();

function isBuilt(): boolean {
  const build = join(root, "dist/src/cli.js");
  if (!existsSync(build)) return false;
  const since = statSync(build).mtimeMs;
  return ["src", "theorems"].every((room) =>
    (readdirSync(join(root, room), { recursive: true }) as string[]).every(
      (file) => statSync(join(root, room, file)).mtimeMs <= since,
    ),
  );
}
