import type { Theorem } from "../src/claim/theorem.js";
import { softmaxHead } from "./explorations/softmax-head.js";
import { benignOverfitting } from "./frei-vardi-2024/benign-overfitting.js";
import { earlyStopping } from "./magen-vardi-2025/early-stopping.js";
import { errorFloor } from "./magen-vardi-2025/error-floor.js";
import { infiniteTasks } from "./magen-vardi-2025/infinite-tasks.js";
import { initialisationAndOptimiser } from "./magen-vardi-2025/initialisation-and-optimiser.js";
import { lawOfTheLimitTheorem } from "./magen-vardi-2025/law-of-the-limit.js";
import { learnerOrdering } from "./magen-vardi-2025/learner-ordering.js";
import { maxMarginDirection } from "./magen-vardi-2025/max-margin-direction.js";
import { monotonicity } from "./magen-vardi-2025/monotonicity.js";
import { nearOptimality } from "./magen-vardi-2025/near-optimality.js";
import { noSharedStructure } from "./magen-vardi-2025/no-shared-structure.js";
import { sampleComplexityTheorem } from "./magen-vardi-2025/sample-complexity.js";
import { singleTaskLowerBound } from "./magen-vardi-2025/single-task-lower-bound.js";
import { strengthShift } from "./magen-vardi-2025/strength-shift.js";
import { subspaceAlignment } from "./magen-vardi-2025/subspace-alignment.js";
import { taskThreshold } from "./magen-vardi-2025/task-threshold.js";
import { classCount } from "./shen-zhou-yang-shen-2024/class-count.js";
import { classCovariances } from "./shen-zhou-yang-shen-2024/class-covariances.js";
import { classImbalance } from "./shen-zhou-yang-shen-2024/class-imbalance.js";
import { covarianceShift } from "./shen-zhou-yang-shen-2024/covariance-shift.js";
import { inferenceError } from "./shen-zhou-yang-shen-2024/inference-error.js";
import { ldaEquivalence } from "./shen-zhou-yang-shen-2024/lda-equivalence.js";
import { ldaLimit } from "./shen-zhou-yang-shen-2024/lda-limit.js";
import { linearRate } from "./shen-zhou-yang-shen-2024/linear-rate.js";
import { promptTraining } from "./shen-zhou-yang-shen-2024/prompt-training.js";
import { unequalNorms } from "./shen-zhou-yang-shen-2024/unequal-norms.js";
import { regressionLimit } from "./zhang-frei-bartlett-2024/regression-limit.js";

/** Every theorem, in the order in which they are listed and judged. */
export const theorems: readonly Theorem[] = [
  maxMarginDirection,
  subspaceAlignment,
  lawOfTheLimitTheorem,
  sampleComplexityTheorem,
  nearOptimality,
  singleTaskLowerBound,
  taskThreshold,
  errorFloor,
  strengthShift,
  monotonicity,
  learnerOrdering,
  infiniteTasks,
  noSharedStructure,
  earlyStopping,
  initialisationAndOptimiser,
  benignOverfitting,
  ldaEquivalence,
  ldaLimit,
  linearRate,
  promptTraining,
  inferenceError,
  classCount,
  covarianceShift,
  classImbalance,
  unequalNorms,
  classCovariances,
  regressionLimit,
  softmaxHead,
];
