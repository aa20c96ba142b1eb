import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file that is there whole or not at all: under another name beside it, then renamed, which is atomic. Makes
 * its directory. @throws Error that names the path when it cannot be written; nothing is left beside it then.
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const partial = `${path}.${process.pid}.partial`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(partial, content);
    renameSync(partial, path);
  } catch (error) {
    try {
      rmSync(partial, { force: true });
    } catch {
      // The directory is none: there is nothing to remove.
    }
    throw new Error(
      `cannot write ${path}: ${reasons[(error as NodeJS.ErrnoException).code!] ?? (error as Error).message}`,
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EISDIR: "a directory is in the way",
  EEXIST: "a file is in the way of its directory",
  ENOTDIR: "a file is in the way of its directory",
  ENOSPC: "no space is left on the device",
  EROFS: "the file system is read-only",
};
