import type { Theorem } from "../src/claim/theorem.js";
import { maxMarginDirection } from "./max-margin-direction.js";

/** Every theorem, in the order in which they are listed and judged. */
export const theorems: readonly Theorem[] = [maxMarginDirection];
