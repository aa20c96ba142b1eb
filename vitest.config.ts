import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { withoutHelpers } from "./src/command/collector.js";

/**
 * First the theorems, which take half the time, on threads of their own, then what waits for other processes, so that
 * there is always something to do beside it.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const first = ["theorems", "site/browser", "cluster/faults", "cluster/command", "command/interrupt", "cli"];
    const rank = ({ moduleId }: TestSpecification) => {
      const place = first.findIndex((name) => moduleId.endsWith(`/properties/${name}.test.ts`));
      return place < 0 ? first.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

const isolated = "properties/**/*.isolated.test.ts";

export default defineConfig({
  // The examples import the package by its name, as its users do.
  resolve: {
    alias: [
      { find: /^icl-claims$/, replacement: new URL("./src/index.ts", import.meta.url).pathname },
      { find: /^icl-claims\/(judge|vitest)$/, replacement: new URL("./src/$1.ts", import.meta.url).pathname },
    ],
  },
  test: {
    testTimeout: 120_000,
    // As the command line runs: every processor has a test already.
    execArgv: withoutHelpers,
    // Two more than the default: one for the theorems, whose threads do their work, and one for tests that wait for
    // processes of theirs.
    maxWorkers: availableParallelism() + 1,
    // The theorems' tests wait for judgements that many of them share: so many waiting keep the threads at work.
    maxConcurrency: 50,
    sequence: { sequencer: LongestFirst },
    // Files share the modules they load, which takes a quarter off the run, but for those that put others in their
    // place.
    projects: [
      {
        extends: true,
        test: {
          name: "properties",
          include: ["properties/**/*.test.ts"],
          exclude: [...configDefaults.exclude, isolated],
          isolate: false,
        },
      },
      { extends: true, test: { name: "isolated", include: [isolated], isolate: true } },
    ],
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
