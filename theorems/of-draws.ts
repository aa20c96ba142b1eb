import type { Configuration, Theorem, TheoremIn, Value } from "../src/claim/theorem.js";
import { theorem } from "../src/claim/theorem.js";
import type { Stream } from "../src/random/stream.js";

/** A claim that draws for itself, with a control that does. */
interface DrawnClaim<C> {
  readonly id: string;
  readonly says: string;
  readonly form: "always" | "mean" | "equals";
  readonly draw: (at: C, stream: Stream) => number;
  readonly control: { readonly name: string; readonly draw: (at: C, stream: Stream) => number };
  readonly expect?: { readonly verdict: "refuted"; readonly because: string };
  readonly maxDraws?: number;
  readonly tolerance?: number;
  readonly because?: string;
  readonly seeds?: number;
  readonly range?: readonly [Value<C>, Value<C>];
  readonly atMost?: Value<C>;
  readonly atLeast?: Value<C>;
  readonly slack?: Value<C>;
  readonly equals?: Value<C>;
  readonly within?: Value<C>;
}

type Parts = "claims" | "world" | "rivals" | "simulate";

/** A theorem whose claims each make draws of their own; the control of each is a rival. */
export function theoremOfDraws<C extends Configuration>(
  definition: Omit<TheoremIn<C, never, never, never>, Parts> & { readonly claims: readonly DrawnClaim<C>[] },
): Theorem {
  type World = { readonly controlOf: string };
  const nameOf = ({ id, control }: DrawnClaim<C>) => `${control.name} (${id})`;
  const claims = definition.claims.map((claim) => ({
    ...claim,
    rivals: claim.expect ? [] : [nameOf(claim)],
    measure: (simulation: { readonly at: C; readonly stream: Stream }, _at: C, world: World) => {
      const draw = world.controlOf === claim.id ? claim.control.draw : claim.draw;
      return draw(simulation.at, simulation.stream.derive(claim.id));
    },
  }));
  const rivals = definition.claims
    .filter(({ expect }) => !expect)
    .map((claim) => [nameOf(claim), { says: claim.control.name, world: { controlOf: claim.id } }]);
  return theorem({
    ...definition,
    world: { controlOf: "" },
    rivals: Object.fromEntries(rivals),
    simulate: (at: C, stream: Stream) => ({ at, stream }),
    claims: claims as never,
  } as never);
}
