import { describe, expect, test, vi } from "vitest";
import { checkBackend, compile, wasmAvailable } from "../../../src/linalg/kernels/backend.js";
import { kernelBytes } from "../../../src/linalg/kernels/kernel-bytes.js";

describe("the choice of backend", () => {
  const reload = async () => {
    vi.resetModules();
    return await import("../../../src/linalg/kernels/backend.js");
  };

  test("ICL_KERNELS=ts forces TypeScript; otherwise WebAssembly is taken where it is available", async () => {
    vi.stubEnv("ICL_KERNELS", "ts");
    expect((await reload()).defaultBackend).toBe("ts");
    vi.stubEnv("ICL_KERNELS", undefined);
    expect((await reload()).defaultBackend).toBe(wasmAvailable ? "wasm" : "ts");
    vi.unstubAllEnvs();
  });

  test("a file that is missing, or that this machine cannot run, is no backend", async () => {
    expect(compile(kernelBytes(new URL("./no-such-file.wasm", import.meta.url)))).toBeUndefined();
    expect(compile(kernelBytes(new URL(import.meta.url)))).toBeUndefined();
    vi.doMock("node:fs", () => ({ existsSync: () => false, readFileSync: () => new Uint8Array() }));
    const without = await reload();
    vi.doUnmock("node:fs");
    expect(without.defaultBackend).toBe("ts");
    expect(() => without.openWorkspace(1, "wasm")).toThrow(/wasm backend needs kernels.wasm/);
    expect(without.openWorkspace(1).buffer.byteLength).toBe(65536);
    expect(() => without.checkBackend("wasm")).toThrow(/wasm backend needs kernels.wasm/);
    if (wasmAvailable) checkBackend("wasm");
    checkBackend("ts");
    expect(() => checkBackend("junk")).toThrow(/ICL_KERNELS must be "wasm" or "ts", got "junk"/);
  });
});
