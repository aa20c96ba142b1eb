// One lane of properties/mutants.ts, in a process of its own: a vitest that stays, so that a mutant costs neither the
// start of vitest nor the reading of files it leaves alone. It is told a test file and what has changed since the last,
// and says how the tests ended.

import { createVitest } from "vitest/node";
import type { Ending, Errand } from "./mutants.js";

/** Told by vitest of a test that takes too long, or a worker that dies, as one does that fills all memory. */
const without = /timed out in \d+ms|^\[vitest-pool/;

const root = process.argv[2]!;
const vitest = await createVitest(
  "test",
  // Isolated: a module that files shared would keep what a mutant has left in it.
  { root, config: `${root}/vitest.config.ts`, watch: true, bail: 1, isolate: true, maxWorkers: 1, reporters: [{}] },
  { server: { watch: null } },
);
await vitest.standalone();

async function endingOf({ changed, test }: Errand): Promise<Ending> {
  for (const path of changed) vitest.invalidateFile(path);
  const project = vitest.projects.find((one) => one.matchesTestGlob(test));
  if (!project) throw new Error(`no project of vitest has ${test}`);
  const specification = project.createSpecification(test);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specification], false);
  const seen = testModules.filter(({ moduleId }) => moduleId === test);
  const failed = seen.flatMap((module) => [...module.children.allTests("failed")]);
  const errors = [
    ...seen.flatMap((module) => module.errors()),
    ...failed.flatMap((one) => one.result().errors ?? []),
    ...(unhandledErrors as Error[]),
  ];
  if (errors.length === 0 && failed.length === 0) {
    if (!seen.some((module) => module.ok())) throw new Error(`vitest has run nothing of ${test}`);
    return "passed";
  }
  return errors.length > 0 && errors.every(({ message }) => without.test(message)) ? "late" : "failed";
}

process.on("message", async (errand: Errand) => process.send!(await endingOf(errand)));
process.on("disconnect", () => process.exit());
process.send!("ready");
