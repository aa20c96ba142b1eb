import type { Theorem } from "../src/claim/theorem.js";
import { benignOverfitting } from "./benign-overfitting.js";
import { classCount } from "./class-count.js";
import { classImbalance } from "./class-imbalance.js";
import { covarianceShift } from "./covariance-shift.js";
import { earlyStopping } from "./early-stopping.js";
import { errorFloor } from "./error-floor.js";
import { inferenceError } from "./inference-error.js";
import { initialisationAndOptimiser } from "./initialisation-and-optimiser.js";
import { ldaEquivalence } from "./lda-equivalence.js";
import { ldaLimit } from "./lda-limit.js";
import { ldaLimitMulticlass } from "./lda-limit-multiclass.js";
import { learnerOrdering } from "./learner-ordering.js";
import { linearRate } from "./linear-rate.js";
import { maxMarginDirection } from "./max-margin-direction.js";
import { monotonicity } from "./monotonicity.js";
import { nearOptimality } from "./near-optimality.js";
import { noSharedStructure } from "./no-shared-structure.js";
import { populationMinimiserTheorem } from "./population-minimiser.js";
import { sampleComplexityTheorem } from "./sample-complexity.js";
import { singleTaskLowerBound } from "./single-task-lower-bound.js";
import { strengthShift } from "./strength-shift.js";
import { subspaceAlignment } from "./subspace-alignment.js";
import { taskThreshold } from "./task-threshold.js";
import { unequalNorms } from "./unequal-norms.js";

/** Every theorem, in the order in which they are listed and judged. */
export const theorems: readonly Theorem[] = [
  maxMarginDirection,
  subspaceAlignment,
  sampleComplexityTheorem,
  nearOptimality,
  singleTaskLowerBound,
  taskThreshold,
  errorFloor,
  strengthShift,
  monotonicity,
  learnerOrdering,
  populationMinimiserTheorem,
  noSharedStructure,
  earlyStopping,
  initialisationAndOptimiser,
  benignOverfitting,
  ldaEquivalence,
  ldaLimit,
  ldaLimitMulticlass,
  linearRate,
  inferenceError,
  classCount,
  covarianceShift,
  classImbalance,
  unequalNorms,
];
