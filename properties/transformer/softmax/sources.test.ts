import { expect, it } from "vitest";
import { identityCovariance } from "../../../src/mixture/classes/covariance.js";
import { mixtureLaw } from "../../../src/mixture/classes/law.js";
import { taskLaw } from "../../../src/mixture/signed/task-law.js";
import { Stream } from "../../../src/random/stream.js";
import { emptyPrompts } from "../../../src/transformer/softmax/prompts.js";
import { mixtureSource, signedSource } from "../../../src/transformer/softmax/sources.js";

it.each([
  ["mixtures", mixtureSource(mixtureLaw({ classes: 3, covariance: identityCovariance(4), norm: 2 }))],
  ["signed tasks", signedSource(taskLaw({ d: 4, k: 2, R: 3, N: 5 }))],
])(
  "a batch of %s is as many batches of one after another: the same numbers, and the stream goes on from there",
  (_, source) => {
    const size = { examples: 5, queries: 2 };
    const [whole, first, second] = [2, 1, 1].map((prompts) => emptyPrompts({ prompts, ...size }, 4));
    const [stream, other] = [Stream.root("sources"), Stream.root("sources")];
    source(stream, whole!);
    for (const part of [first!, second!]) source(other, part);
    for (const name of ["x", "y", "queryX", "queryY"] as const) {
      expect([...whole![name]]).toEqual([...first![name], ...second![name]]);
    }
    expect(stream.uniform()).toBe(other.uniform());
  },
);
