import { computeDraws, type DrawJob, type Draws, findTheorem } from "./drawing.js";
import type { Theorem } from "./theorem.js";

/** What a worker thread does: loads the registry (once, as modules are) and makes the draws a job asks for. */
export default async function work({ registry, job }: { registry: string; job: DrawJob }): Promise<Draws> {
  const { theorems } = (await import(registry)) as { theorems: readonly Theorem[] };
  return computeDraws(findTheorem(theorems, job.theorem), job);
}
