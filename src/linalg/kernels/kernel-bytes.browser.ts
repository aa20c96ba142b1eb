import bytes from "./kernels.wasm";

/** The bytes of the built kernels, which the bundler embeds (esbuild's loader `binary`): nothing is fetched. */
export function kernelBytes(): Uint8Array | undefined {
  return bytes;
}

/** A browser has no environment: the kernels that can run do. */
export function askedKernels(): string | undefined {
  return undefined;
}
