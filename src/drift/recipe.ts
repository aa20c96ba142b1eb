import { Stream } from "../random/stream.js";
import { digestOf, type Measurement, type Room, sampleOf } from "./measurement.js";

/**
 * A number of a room: values that arithmetic alone makes, from numbers that no sampler drew, so that a room drifts by
 * its own doing; or draws of a sampler, put into a range.
 */
export type Recipe = { readonly room: Room; readonly name: string } & (
  | { readonly values: () => ArrayLike<number>; readonly rounding: number }
  | {
      readonly draw: (stream: Stream) => number;
      readonly count: number;
      readonly range: readonly [number, number];
      readonly sees: number;
    }
);

// A draw is a few elementary functions of the stream's bits.
const drawn = 1e-12;

/** What a recipe comes to, on streams named by it. @throws Error on a draw outside its range. */
export function measured(recipe: Recipe): Measurement {
  const { room, name } = recipe;
  if ("values" in recipe) {
    const values = Array.from(recipe.values());
    return { room, name, digest: digestOf(values), values: values.slice(0, 64), rounding: recipe.rounding };
  }
  const root = Stream.root("drift", room, name);
  const draws = Float64Array.from({ length: recipe.count }, (_, i) => recipe.draw(root.derive(i)));
  const outside = draws.find((value) => !(value >= recipe.range[0] && value <= recipe.range[1]));
  if (outside !== undefined) throw new Error(`${room}/${name} drew ${outside}, outside its range`);
  const samples = [sampleOf(draws, recipe.range)];
  return { room, name, digest: digestOf(draws), samples, rounding: drawn, sees: recipe.sees };
}
