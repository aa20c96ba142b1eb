import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // The examples import the package by its name, as its users do.
  resolve: {
    alias: [
      { find: /^icl-claims$/, replacement: new URL("./src/index.ts", import.meta.url).pathname },
      { find: /^icl-claims\/(judge|vitest)$/, replacement: new URL("./src/$1.ts", import.meta.url).pathname },
    ],
  },
  test: {
    include: ["properties/**/*.test.ts"],
    testTimeout: 120_000,
    // One more than the default, which leaves a processor of two idle while tests wait for processes of theirs.
    maxWorkers: availableParallelism(),
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      // Counted in this process alone: left out is what runs only in another, the command line (properties/cli.test.ts
      // starts it) and the entries of worker threads (properties/claim/judging.test.ts and properties/report start
      // those); and the kernels, which are no TypeScript.
      exclude: [
        "src/linalg/kernels/assembly/**",
        "src/{cli,command-line}.ts",
        "src/command/figure.ts",
        "src/command/{progress,options}.ts",
        "src/**/*worker.ts",
        "**/*.d.ts",
      ],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
