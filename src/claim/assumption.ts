import type { EvalFunction, MathNode } from "mathjs";
import { expressionParser } from "./expression-parser.js";
import { lazily } from "./lazily.js";
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
 * An assumption from its expression, such as `assume("B >= c_B * k * d / R^2", …)`. It is parsed when first evaluated
 * or typeset.
 * @throws RangeError when the expression is not one comparison (>=, >, <=, < or ==); its `at` and `tex` throw one when
 * it is no expression, and `at` when a name in it is neither in the configuration nor among the constants.
 */
export function assume<C extends Configuration>(
  expression: string,
  about: {
    readonly why: string;
    readonly constants?: Readonly<Record<string, Constant>>;
    readonly drop: (configuration: C) => C;
  },
): Assumption<C> {
  if (expression.match(/[<>]=?|==/g)?.length !== 1) throw noComparison(expression);
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
  const read = lazily({ comparison: () => comparisonIn(expression) });
  return {
    expression,
    why: about.why,
    constants,
    drop: about.drop,
    get tex() {
      return read.comparison.tex;
    },
    at: (configuration) => {
      const { operator, sides } = read.comparison;
      const [left, right] = [evaluate(sides[0], configuration), evaluate(sides[1], configuration)];
      const holds = comparisons[operator]!(left, right);
      return { left, right, holds, slack: slackOf(operator, left, right, holds) };
    },
  };
}

interface Comparison {
  readonly operator: string;
  readonly sides: readonly [EvalFunction, EvalFunction];
  readonly tex: string;
}

function comparisonIn(expression: string): Comparison {
  let node: MathNode;
  try {
    node = expressionParser().parse(expression);
  } catch (error) {
    throw new RangeError(`the assumption "${expression}" cannot be read: ${(error as Error).message}`);
  }
  const operator = "op" in node ? String(node.op) : "";
  if (!Object.hasOwn(comparisons, operator) || !("args" in node)) throw noComparison(expression);
  const [left, right] = node.args as [MathNode, MathNode];
  return { operator, sides: [left.compile(), right.compile()], tex: node.toTex() };
}

function noComparison(expression: string): RangeError {
  const allowed = Object.keys(comparisons).join(", ");
  return new RangeError(`an assumption must be one comparison, ${allowed}: got "${expression}"`);
}

function slackOf(operator: string, left: number, right: number, holds: boolean): number {
  if (operator === "==") return holds ? 1 : 0;
  const [large, small] = operator.startsWith(">") ? [left, right] : [right, left];
  return small === 0 ? (large >= 0 ? Number.POSITIVE_INFINITY : 0) : large / small;
}
