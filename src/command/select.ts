import type { Theorem } from "../claim/theorem.js";

/** The theorems of these ids. @throws RangeError listing what there is when one is unknown. */
export function selectTheorems(theorems: readonly Theorem[], ids: readonly string[]): readonly Theorem[] {
  const unknown = ids.find((id) => !theorems.some((theorem) => theorem.id === id));
  if (unknown !== undefined) {
    throw new RangeError(`there is no theorem "${unknown}"; there are ${theorems.map(({ id }) => id).join(", ")}`);
  }
  return ids.length === 0 ? theorems : theorems.filter(({ id }) => ids.includes(id));
}

/** The one theorem that these ids name. @throws RangeError when one is unknown, or a module exports several. */
export function oneTheorem(theorems: readonly Theorem[], ids: readonly string[]): Theorem {
  const chosen = selectTheorems(theorems, ids);
  if (chosen.length === 1) return chosen[0]!;
  throw new RangeError(`one theorem is needed, not ${ids.join(", ")}: name it as module#id`);
}
