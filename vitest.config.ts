import { defineConfig } from "vitest/config";

export default defineConfig({
  // The examples import the package by its name, as its users do.
  resolve: { alias: { "icl-claims": new URL("./src/index.ts", import.meta.url).pathname } },
  test: {
    include: ["properties/**/*.test.ts"],
    testTimeout: 120_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/linalg/kernels/assembly/**"],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
