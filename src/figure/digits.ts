import { readFileSync } from "node:fs";
import { cholesky, symmetricEigen } from "../linalg/decompositions.js";
import { type Matrix, matrix, row } from "../linalg/matrix.js";
import { dot, norm } from "../linalg/vector.js";
import { type Covariance, covarianceOf, fillColoured } from "../mixture/classes/covariance.js";
import { fillNormal } from "../random/normal.js";
import { Stream } from "../random/stream.js";
import type { ClassPrompts } from "../transformer/softmax/prompts.js";

/** Where prompts come from: images, or Gaussian stand-ins that keep ever less of them. */
export const digitWorlds = ["images", "Gaussian, own covariances", "equal covariances", "and equal norms"] as const;

/** Handwritten digits in d whitened coordinates, and what a Gaussian stand-in of each class needs. */
export interface Digits {
  readonly d: number;
  /** The images of each digit, one a row, of the two thirds that neither the projection nor the whitening has seen. */
  readonly images: readonly Matrix[];
  readonly means: Matrix;
  readonly covariances: readonly Covariance[];
  readonly pooled: Covariance;
  /** Mean norm of the class means. */
  readonly norm: number;
}

const held = 600;

/**
 * The UCI optical digits (Alpaydin & Kaynak 1998), reduced by what a fixed third of the images says: their d principal
 * components, centred, and whitened by their pooled covariance within classes.
 * @throws RangeError unless 2 ≤ d ≤ 40 (of 64 pixels some are always 0).
 */
export function digits(d: number): Digits {
  if (!(Number.isSafeInteger(d) && d >= 2 && d <= 40)) throw new RangeError(`d must be an integer 2 to 40, got ${d}`);
  const up = import.meta.url.endsWith(".ts") ? "../../" : "../../../";
  const file = JSON.parse(readFileSync(new URL(`${up}fixtures/digits.json`, import.meta.url), "utf8")) as {
    digits: string;
    images: string[];
  };
  const stream = Stream.root("digits", "split");
  const order = file.images.map((_, i) => i);
  shuffle(stream, order);
  const pixels = order.map((i) => Float64Array.from(file.images[i]!, (character) => Number.parseInt(character, 17)));
  const labels = order.map((i) => Number(file.digits[i]));
  const centre = meanOf(pixels.slice(0, held));
  const { vectors } = symmetricEigen(covarianceAbout(pixels.slice(0, held), () => centre));
  const components = matrix(d, 64);
  for (let a = 0; a < d; a++) row(components, a).set(row(vectors, 63 - a));
  const projected = pixels.map((image) => {
    const centred = image.map((value, j) => value - centre[j]!);
    return Float64Array.from({ length: d }, (_, a) => dot(row(components, a), centred));
  });
  const classMeans = (rows: Float64Array[], own: number[]) =>
    Array.from({ length: 10 }, (_, j) => meanOf(rows.filter((_, i) => own[i] === j)));
  const heldMeans = classMeans(projected.slice(0, held), labels);
  const L = cholesky(covarianceAbout(projected.slice(0, held), (i) => heldMeans[labels[i]!]!));
  const white = projected.slice(held).map((x) => solveLower(L, x));
  const own = labels.slice(held);
  const means = classMeans(white, own);
  const images = Array.from({ length: 10 }, (_, j) => {
    const rows = white.filter((_, i) => own[i] === j);
    const result = matrix(rows.length, d);
    rows.forEach((x, i) => {
      row(result, i).set(x);
    });
    return result;
  });
  const stacked = matrix(10, d);
  means.forEach((mean, j) => {
    row(stacked, j).set(mean);
  });
  return {
    ...{ d, images, means: stacked },
    covariances: images.map((of, j) =>
      covarianceOf(
        covarianceAbout(
          Array.from({ length: of.rows }, (_, i) => row(of, i)),
          () => means[j]!,
        ),
      ),
    ),
    pooled: covarianceOf(covarianceAbout(white, (i) => means[own[i]!]!)),
    norm: means.reduce((sum, mean) => sum + norm(mean), 0) / 10,
  };
}

/**
 * Fills every prompt of a batch with a task: `classes` of the digits allowed, in random order, labels uniform; images
 * without replacement within a prompt. `world` counts along `digitWorlds`.
 */
export function fillDigits(
  stream: Stream,
  { d, images, means, covariances, pooled, norm: radius }: Digits,
  allowed: readonly number[],
  classes: number,
  batch: ClassPrompts,
  world = 0,
): void {
  const z = new Float64Array(d);
  for (let b = 0; b < batch.prompts; b++) {
    const chosen = [...allowed];
    shuffle(stream, chosen);
    const decks = chosen.slice(0, classes).map((digit) => {
      const deck = Array.from({ length: images[digit]!.rows }, (_, i) => i);
      if (world === 0) shuffle(stream, deck);
      return deck;
    });
    for (const [x, y, count] of [
      [batch.x, batch.y, batch.examples],
      [batch.queryX, batch.queryY, batch.queries],
    ] as const) {
      for (let i = 0; i < count; i++) {
        let label: number;
        // A class whose images are used up is not drawn: beyond some 100 examples a class.
        do label = Math.floor(stream.uniform() * classes);
        while (decks[label]!.length === 0);
        const digit = chosen[label]!;
        const target = x.subarray((b * count + i) * d, (b * count + i + 1) * d);
        y[b * count + i] = label;
        if (world === 0) {
          target.set(row(images[digit]!, decks[label]!.pop()!));
          continue;
        }
        fillColoured(world === 1 ? covariances[digit]! : pooled, fillNormal(stream, z), target);
        const mean = row(means, digit);
        const scale = world === 3 ? radius / norm(mean) : 1;
        for (let a = 0; a < d; a++) target[a]! += scale * mean[a]!;
      }
    }
  }
}

/** How far the digits are from one covariance and one norm, in words. */
export function departureText({ d, means, covariances, pooled, norm: radius }: Digits): string {
  const norms = Array.from({ length: 10 }, (_, j) => norm(row(means, j)));
  const spread = Math.sqrt(norms.reduce((sum, value) => sum + (value - radius) ** 2, 0) / 9) / radius;
  const logDet = ({ factor }: Covariance) =>
    2 * Array.from({ length: d }, (_, a) => Math.log(factor.data[a * d + a]!)).reduce((sum, value) => sum + value, 0);
  const divergences = covariances.map((own) => {
    let trace = 0;
    for (let i = 0; i < d * d; i++) trace += pooled.precision.data[i]! * own.matrix.data[i]!;
    return (trace - d - logDet(own) + logDet(pooled)) / 2;
  });
  const mean = divergences.reduce((sum, value) => sum + value, 0) / 10;
  return (
    `class means have norm ${radius.toFixed(2)} and spread ${(100 * spread).toFixed(0)}% ` +
    `(${Math.min(...norms).toFixed(2)} to ` +
    `${Math.max(...norms).toFixed(2)}); a class's covariance diverges from the pooled one by ` +
    `${mean.toFixed(2)} nats on average ` +
    `(${Math.min(...divergences).toFixed(2)} to ${Math.max(...divergences).toFixed(2)})`
  );
}

function shuffle(stream: Stream, values: number[]): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(stream.uniform() * (i + 1));
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
}

function meanOf(rows: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(rows[0]!.length);
  for (const x of rows) for (let a = 0; a < mean.length; a++) mean[a]! += x[a]! / rows.length;
  return mean;
}

function covarianceAbout(rows: readonly Float64Array[], centre: (i: number) => Float64Array): Matrix {
  const d = rows[0]!.length;
  const result = matrix(d, d);
  rows.forEach((x, i) => {
    const deviation = x.map((value, a) => value - centre(i)[a]!);
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) result.data[a * d + b]! += (deviation[a]! * deviation[b]!) / rows.length;
    }
  });
  return result;
}

/** L⁻¹x. */
function solveLower(L: Matrix, x: Float64Array): Float64Array {
  const result = x.slice();
  for (let a = 0; a < x.length; a++) {
    for (let b = 0; b < a; b++) result[a]! -= L.data[a * L.cols + b]! * result[b]!;
    result[a] = result[a]! / L.data[a * L.cols + a]!;
  }
  return result;
}
