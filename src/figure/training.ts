import { gramProduct } from "../linalg/symmetric-operator.js";
import type { TaskLaw } from "../mixture/signed/task-law.js";
import { drawTasks } from "../mixture/signed/tasks.js";
import type { Stream } from "../random/stream.js";
import type { RankOneSum } from "../risk/conditional.js";
import { continueDual, untrained } from "../transformer/descent/dual.js";
import type { Surroundings } from "./figure.js";

/** Steps between two states handed out to be kept. */
const keepEvery = 50;

/** The share of a training's time that goes into its Gram matrix, for the progress alone. */
const gramShare = 0.3;

/**
 * A transformer trained from zero on B fresh tasks, in the dual with K in f32, from where the surroundings say an
 * earlier run stopped. Rounding K to f32 moves accuracies by less than 1e-10 (measured at B = 2000; bench/README.md).
 * Cost: 4B²d, then 2B² a step; memory 2B² + 32Bd bytes.
 * @param share how much of the part's progress the training makes.
 */
export function trainPart(
  stream: Stream,
  law: TaskLaw,
  { B, stepSize, steps }: { readonly B: number; readonly stepSize: number; readonly steps: number },
  { resume, progress, keep }: Pick<Surroundings, "resume" | "progress" | "keep">,
  share = 1,
): RankOneSum {
  const { m, u } = drawTasks(stream.derive("tasks"), law, B);
  const K = gramProduct(m, u, "f32");
  progress(share * gramShare);
  const { alpha } = continueDual(K, resume ?? untrained(B), stepSize, steps, (state) => {
    progress(share * (gramShare + (1 - gramShare) * (state.step / steps)));
    if (state.step % keepEvery === 0) keep(state);
  });
  return { alpha, m, u };
}
