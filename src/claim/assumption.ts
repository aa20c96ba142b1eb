import type { EvalFunction, MathNode } from "mathjs";
// The one-file build: every worker thread loads it, and the module of a thousand files takes it seven times as long.
import mathjs from "mathjs/lib/browser/math.js";
import type { Configuration } from "./theorem.js";

/** A named constant of an assumption and where its value comes from. */
export interface Constant {
  readonly value: number;
  /** "calibrated: …" where the paper leaves it unnamed, else the place that states it. */
  readonly from: string;
}

/** A condition on configurations, kept as data: evaluated, measured and typeset from one string. */
export interface Assumption<C> {
  /** "left >= right", or another comparison, over the configuration's names and the constants'. */
  readonly expression: string;
  readonly why: string;
  readonly constants: Readonly<Record<string, Constant>>;
  /** The same configuration with this assumption broken, and as far as possible no other. */
  readonly drop: (configuration: C) => C;
  /** Both sides, the slack and whether it holds. */
  readonly at: (configuration: C) => AssumptionValue;
  readonly tex: string;
}

/** An assumption at one configuration. */
export interface AssumptionValue {
  readonly left: number;
  readonly right: number;
  /** How many times over it holds: left/right for ≥, right/left for ≤; below 1 it fails. For = it is 1 or 0. */
  readonly slack: number;
  readonly holds: boolean;
}

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  ">=": (left, right) => left >= right,
  ">": (left, right) => left > right,
  "<=": (left, right) => left <= right,
  "<": (left, right) => left < right,
  "==": (left, right) => left === right,
};

/**
 * An assumption from its expression, such as `assume("B >= c_B * k * d / R^2", …)`.
 * @throws RangeError when the expression is not one comparison (>=, >, <=, < or ==); its `at` throws one when a name in
 * it is neither in the configuration nor among the constants.
 */
export function assume<C extends Configuration>(
  expression: string,
  about: {
    readonly why: string;
    readonly constants?: Readonly<Record<string, Constant>>;
    readonly drop: (configuration: C) => C;
  },
): Assumption<C> {
  const node = mathjs.parse(expression);
  const operator = "op" in node ? String(node.op) : "";
  const compare = comparisons[operator];
  if (!compare || !("args" in node)) {
    throw new RangeError(
      `an assumption must be one comparison, ${Object.keys(comparisons).join(", ")}: got "${expression}"`,
    );
  }
  const [leftCode, rightCode] = (node.args as MathNode[]).map((side) => side.compile());
  const constants = about.constants ?? {};
  const scopeOf = (configuration: C) => ({
    ...Object.fromEntries(Object.entries(constants).map(([name, { value }]) => [name, value])),
    ...configuration,
  });
  const evaluate = (code: EvalFunction, configuration: C): number => {
    let value: unknown;
    try {
      value = code.evaluate(scopeOf(configuration));
    } catch (error) {
      throw new RangeError(`the assumption "${expression}" cannot be evaluated: ${(error as Error).message}`);
    }
    if (typeof value !== "number") throw new RangeError(`the assumption "${expression}" does not compare numbers`);
    return value;
  };
  return {
    expression,
    why: about.why,
    constants,
    drop: about.drop,
    tex: node.toTex(),
    at: (configuration) => {
      const left = evaluate(leftCode!, configuration);
      const right = evaluate(rightCode!, configuration);
      const holds = compare(left, right);
      return { left, right, holds, slack: slackOf(operator, left, right, holds) };
    },
  };
}

function slackOf(operator: string, left: number, right: number, holds: boolean): number {
  if (operator === "==") return holds ? 1 : 0;
  const [large, small] = operator.startsWith(">") ? [left, right] : [right, left];
  return small === 0 ? (large >= 0 ? Number.POSITIVE_INFINITY : 0) : large / small;
}
