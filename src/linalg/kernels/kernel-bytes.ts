import { existsSync, readFileSync } from "node:fs";

/**
 * The bytes of the built kernels, or nothing where they were not built. A bundle for browsers takes
 * kernel-bytes.browser.ts in this file's place (package.json, "browser").
 */
export function kernelBytes(file = new URL("./kernels.wasm", import.meta.url)): Uint8Array | undefined {
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** What ICL_KERNELS is set to. */
export function askedKernels(): string | undefined {
  return process.env.ICL_KERNELS;
}
