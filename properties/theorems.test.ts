import { availableParallelism } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { findClaim } from "../src/claim/drawing.js";
import { judgeItem, type SuiteResult, suiteItems } from "../src/claim/suite.js";
import { statedWorld } from "../src/claim/theorem.js";
import { failureText } from "../src/claim/wording.js";
import { theorems } from "../theorems/index.js";
import { built } from "./built.js";

// The draws are made by the build where it is newer than the sources, as they are by whoever installed it.
const [code, suffix] = built ? ["../dist", "js"] : ["..", "ts"];
const { drawingPool } = (await import(`${code}/src/claim/pool.${suffix}`)) as typeof import("../src/claim/pool.js");
const pool = drawingPool(new URL(`${code}/theorems/index.${suffix}`, import.meta.url).href, availableParallelism());
afterAll(() => pool.close());

/** A test waits for the draws of all others: they share the workers. */
const patience = 900_000;

// One judgement serves all the claims of a world; each is then a test of its own.
describe.concurrent.each(theorems)("$id: $title", (theorem) => {
  for (const item of suiteItems([theorem])) {
    let judged: Promise<SuiteResult[]> | undefined;
    const results = () => {
      judged ??= judgeItem(item, theorems, { draw: pool.draw });
      return judged;
    };
    for (const id of item.claims) {
      const claim = findClaim(theorem, id);
      const says = claim.expect ? `${claim.says} — expected refuted: ${claim.expect.because}` : claim.says;
      it(
        item.world === statedWorld ? `${id}: ${says}` : `${id}, rival refuted: ${item.world}`,
        async () => {
          const result = (await results()).find(({ judgement }) => judgement.claim === id)!;
          expect(result.judgement.verdict, failureText(theorem, result)).toBe(result.expected);
        },
        patience,
      );
    }
  }
});
