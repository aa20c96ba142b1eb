import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
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
    throw cannotWrite(path, error);
  }
}

/** What a failure to write there is, in one sentence that names the path. */
export function cannotWrite(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Error(`cannot write ${path}: ${reasons[code!] ?? message}`);
}

/**
 * @throws RangeError when the path names no file, a directory is where the file would be, or its directory cannot be
 * written to.
 */
export function checkWritable(path: string): void {
  if (path.trim() === "") throw new RangeError("a file to write needs a name, got none");
  if (existsSync(path) && statSync(path).isDirectory())
    throw new RangeError(`cannot write ${path}: a directory is there`);
  if (/[/\\]$/.test(path)) throw new RangeError(`cannot write ${path}: it names a directory, and a file is needed`);
  let above = dirname(path);
  while (!existsSync(above) && dirname(above) !== above) above = dirname(above);
  try {
    if (!statSync(above).isDirectory()) throw new RangeError(`${above} is no directory`);
    accessSync(existsSync(path) ? path : above, constants.W_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new RangeError(`cannot write ${path}: ${reasons[code!] ?? message}`);
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
