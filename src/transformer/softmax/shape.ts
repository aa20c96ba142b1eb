import { checkCount } from "../../argument.js";
import { fillNormal } from "../../random/normal.js";
import type { Stream } from "../../random/stream.js";

/** The size of a deep transformer. */
export interface DeepShape {
  /** d, coordinates of an example. */
  readonly inputs: number;
  /** c, classes; a context token is [x; onehot y], the query [x; 0]. */
  readonly classes: number;
  readonly layers: number;
  readonly heads: number;
  /** D, a multiple of the heads. */
  readonly width: number;
  /** Units of each block's perceptron; 0 for attention alone. */
  readonly hidden: number;
}

/** A parameter's place in the flat vector of them all: rows × cols numbers from `at` on. */
export interface Place {
  readonly name: string;
  readonly at: number;
  readonly rows: number;
  readonly cols: number;
}

/** Where each parameter lies, block by block, and how many numbers they are. */
export interface Layout {
  readonly places: readonly Place[];
  readonly length: number;
  /** @throws RangeError on a name there is not. */
  readonly of: (name: string) => Place;
}

/** @throws RangeError unless all sizes are counts, classes at least 2, and the width is a multiple of the heads. */
export function deepLayout(shape: DeepShape): Layout {
  const { inputs, classes, layers, heads, width, hidden } = shape;
  for (const name of ["inputs", "layers", "heads", "width"] as const) checkCount(name, shape[name]);
  checkCount("classes", classes, 2);
  checkCount("hidden", hidden, 0);
  if (width % heads !== 0) throw new RangeError(`the width must be a multiple of the ${heads} heads, got ${width}`);
  const places: Place[] = [];
  let at = 0;
  const place = (name: string, rows: number, cols: number) => {
    places.push({ name, at, rows, cols });
    at += rows * cols;
  };
  place("embed", inputs + classes, width);
  for (let l = 0; l < layers; l++) {
    place(`${l}.ln1.gain`, 1, width);
    place(`${l}.ln1.bias`, 1, width);
    for (const name of ["query", "key", "value", "output"]) place(`${l}.${name}`, width, width);
    if (hidden === 0) continue;
    place(`${l}.ln2.gain`, 1, width);
    place(`${l}.ln2.bias`, 1, width);
    place(`${l}.up`, width, hidden);
    place(`${l}.up.bias`, 1, hidden);
    place(`${l}.down`, hidden, width);
    place(`${l}.down.bias`, 1, width);
  }
  place("ln.gain", 1, width);
  place("ln.bias", 1, width);
  place("readout", width, classes);
  const named = new Map(places.map((each) => [each.name, each]));
  const of = (name: string) => {
    const found = named.get(name);
    if (!found) throw new RangeError(`there is no parameter "${name}"; there are ${[...named.keys()].join(", ")}`);
    return found;
  };
  return { places, length: at, of };
}

/**
 * Random parameters to train from: matrices of variance 1/rows, those that write into the residual stream (output,
 * down) smaller by √(2·layers), gains 1, biases 0 (as GPT-2, Radford et al. 2019, but with fan-in in place of .02).
 */
export function initialParameters(stream: Stream, shape: DeepShape): Float64Array {
  const layout = deepLayout(shape);
  const parameters = new Float64Array(layout.length);
  for (const { name, at, rows, cols } of layout.places) {
    const part = parameters.subarray(at, at + rows * cols);
    if (name.endsWith(".gain")) part.fill(1);
    else if (!name.endsWith(".bias")) {
      const residual = /\.(output|down)$/.test(name) ? 1 / Math.sqrt(2 * shape.layers) : 1;
      fillNormal(stream.derive(name), part, residual / Math.sqrt(rows));
    }
  }
  return parameters;
}
