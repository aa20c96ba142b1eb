import { availableParallelism } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { drawingPool } from "../src/claim/pool.js";
import { judgeItem, suiteItems } from "../src/claim/suite.js";
import { failureText } from "../src/claim/wording.js";
import { theorems } from "../theorems/index.js";

const pool = drawingPool(new URL("../theorems/index.ts", import.meta.url).href, availableParallelism());
afterAll(() => pool.close());

describe.concurrent.each(theorems)("$id: $title", (theorem) => {
  for (const item of suiteItems([theorem])) {
    const claim = theorem.claims.find(({ id }) => id === item.claim)!;
    const says = claim.expect ? `${claim.says} — expected refuted: ${claim.expect.because}` : claim.says;
    it(item.world === "claim" ? `${claim.id}: ${says}` : `${claim.id}, control: ${claim.control.name}`, async () => {
      const result = await judgeItem(item, theorems, { draw: pool.draw });
      expect(result.judgement.verdict, failureText(theorem, result)).toBe(result.judgement.expected);
    });
  }
});
