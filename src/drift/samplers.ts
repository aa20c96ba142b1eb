import { dot } from "../linalg/vector.js";
import { drawContext, drawPooledCovariance } from "../mixture/classes/context.js";
import { autoregressiveCovariance, drawWishart } from "../mixture/classes/covariance.js";
import { drawMixture, mixtureLaw } from "../mixture/classes/law.js";
import { drawReducedTasks } from "../mixture/signed/dimension-free.js";
import { drawNoisyContexts } from "../mixture/signed/flipped-contexts.js";
import { drawSignedContext } from "../mixture/signed/gram-context.js";
import { contextMean, drawPrompt } from "../mixture/signed/prompt.js";
import { taskLaw } from "../mixture/signed/task-law.js";
import { drawTasks, drawTestTasks } from "../mixture/signed/tasks.js";
import { haarSubspace } from "../mixture/subspace.js";
import { binomial, multinomial } from "../random/counts.js";
import { gamma } from "../random/gamma.js";
import { haarFrame } from "../random/haar.js";
import { normal, normals } from "../random/normal.js";
import { fillSphere } from "../random/sphere.js";
import type { Stream } from "../random/stream.js";
import type { Room } from "./measurement.js";

import type { Recipe } from "./recipe.js";

const squash = (x: number) => x / (1 + Math.abs(x));
const norm2 = (x: Float64Array) => dot(x, x);
const law = taskLaw({ d: 6, k: 3, R: 2, N: 8, p: 0.2 });
const classes = mixtureLaw({ covariance: autoregressiveCovariance(4, 0.5), classes: 3, norm: 2, priors: [1, 1, 2] });
const one = (stream: Stream, of: (task: ReturnType<typeof drawTasks>) => number) => of(drawTasks(stream, law, 1));

const sampled = (
  room: Room,
  name: string,
  draw: (stream: Stream) => number,
  symmetric = false,
  count = 6000,
): Recipe => ({
  ...{ room, name, draw, count },
  ...{ range: symmetric ? [-1, 1] : [0, 1], sees: 0.25 },
});

/** The samplers of `random` and `mixture`, each by a number that its draws make. */
export const samplers: readonly Recipe[] = [
  sampled("random", "uniform", (s) => s.uniform()),
  sampled("random", "normal", (s) => squash(normal(s)), true),
  sampled("random", "normal, squared", (s) => squash(normal(s) ** 2)),
  sampled("random", "normals in bulk", (s) => squash(normals(s, 5)[4]! ** 2)),
  sampled("random", "sphere", (s) => fillSphere(s, new Float64Array(3))[1]! ** 2),
  sampled("random", "Haar frame", (s) => haarFrame(s, 2, 4)[5]! ** 2, false, 3000),
  sampled("random", "gamma of shape 0.7", (s) => squash(gamma(s, 0.7))),
  sampled("random", "binomial", (s) => binomial(s, 40, 0.3) / 40),
  sampled("random", "multinomial", (s) => multinomial(s, 40, [0.2, 0.5, 0.3])[1]! / 40),
  sampled("mixture", "task: m·μ", (s) => one(s, ({ m, mu }) => squash(dot(m.data, mu.data))), true),
  sampled("mixture", "task: |u|²", (s) => one(s, ({ u }) => squash(dot(u.data, u.data) / 10))),
  sampled("mixture", "test task: |ζ|²", (s) => squash(norm2(drawTestTasks(s, law, 1).zeta.data) / 6)),
  sampled(
    "mixture",
    "task in reduced coordinates",
    (s) => squash(norm2(drawReducedTasks(s, law, 2).m.data) / 10),
    false,
    2000,
  ),
  sampled(
    "mixture",
    "prompt",
    (s) => {
      const { x, y } = drawPrompt(s, law);
      return squash(norm2(contextMean(x, y)));
    },
    false,
    2000,
  ),
  sampled("mixture", "context by its Gram matrix", (s) => squash(drawSignedContext(s, law, 3).gram.data[1]! / 6), true),
  sampled(
    "mixture",
    "noisy contexts",
    (s) => drawNoisyContexts(s, law, 4, 1).flips.filter((flip) => flip < 0).length / 4,
  ),
  sampled("mixture", "Haar subspace", (s) => haarSubspace(s, 2, 4).basis[3]! ** 2, false, 3000),
  sampled(
    "mixture",
    "context of classes",
    (s) => squash(norm2(drawContext(s, drawMixture(s, classes), 9).heads.data)),
    false,
    2000,
  ),
  sampled("mixture", "Wishart", (s) => squash(drawWishart(s, classes.covariance, 6).data[5]! / 6), false, 3000),
  sampled(
    "mixture",
    "pooled covariance",
    (s) => {
      const mixture = drawMixture(s, classes);
      return squash(drawPooledCovariance(s, mixture, drawContext(s, mixture, 20)).data[0]!);
    },
    false,
    1000,
  ),
];
