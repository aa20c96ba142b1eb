import { defineConfig } from "vitest/config";

export default defineConfig({
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
