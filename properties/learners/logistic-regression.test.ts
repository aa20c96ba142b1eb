import { expect, it } from "vitest";
import { logisticProbabilities, logisticRegression } from "../../src/learners/logistic-regression.js";
import { type Matrix, matrix, row } from "../../src/linalg/matrix.js";
import { normals } from "../../src/random/normal.js";
import { Stream } from "../../src/random/stream.js";

const labels = Int32Array.from({ length: 30 }, (_, i) => i % 3);
const inputs = matrix(30, 2, normals(Stream.root("logistic"), 60));
for (let i = 0; i < 30; i++) inputs.data[2 * i]! += labels[i]!;

function loss(W: Matrix, ridge: number): number {
  let sum = (ridge / 2) * W.data.reduce((total, weight) => total + weight * weight, 0);
  for (let i = 0; i < 30; i++) sum -= Math.log(logisticProbabilities(W, row(inputs, i))[labels[i]!]!);
  return sum;
}

it("ends where no small move of any weight lowers the loss, which an end before that does not", () => {
  const slope = (rounds: number) => {
    const W = logisticRegression({ labels, inputs }, 3, 1, rounds);
    return Math.max(
      ...W.data.map((_, i) => {
        const moved = (by: number) =>
          loss(
            matrix(
              3,
              3,
              W.data.map((weight, j) => (j === i ? weight + by : weight)),
            ),
            1,
          );
        return Math.abs(moved(1e-5) - moved(-1e-5)) / 2e-5;
      }),
    );
  };
  // Moves below 1e-6 times a Hessian below 30.
  expect(slope(300)).toBeLessThan(1e-4);
  expect(slope(3)).toBeGreaterThan(1e-3);
});

it("refuses bad input in one line", () => {
  expect(() => logisticRegression({ labels, inputs }, 2)).toThrow(/labels must be 0 ... 1, got 2/);
  expect(() => logisticRegression({ labels, inputs }, 3, 0)).toThrow(/the ridge must be finite and above 0/);
});
