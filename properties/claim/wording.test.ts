import { describe, expect, it } from "vitest";
import { findClaim } from "../../src/claim/drawing.js";
import { certifiedOf, estimateOf, numberText, targetOf, tellingCase } from "../../src/claim/wording.js";
import { judgeOne, on, withClaim } from "./toy-judging.js";
import { coin } from "./toy-theorems.js";

describe("words", () => {
  it("show four digits, and infinities and small numbers as they are", () => {
    const shown = [0, 0.123456, 1234567, 1e-5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN].map(
      numberText,
    );
    expect(shown).toEqual(["0", "0.1235", "1.2e+6", "1.0e-5", "∞", "−∞", "–"]);
    expect([1e-3, 999_999, 1e6].map(numberText)).toEqual(["0.001", "1000000", "1.0e+6"]);
  });

  it("name the bound as the claim's form has it", async () => {
    const shown = await Promise.all(
      coin.claims.map(async (claim) => {
        const judgement = await judgeOne(coin, claim.id);
        const telling = tellingCase(judgement)!;
        expect(estimateOf(telling)).toMatch(claim.form === "always" ? /^worst/ : /^[\d.]+ \[.*\]$/);
        if (claim.id === "at-most-half") expect(certifiedOf(claim, telling)).toBe("≤ 0.75");
        return targetOf(claim, telling);
      }),
    );
    expect(shown.slice(0, 2)).toEqual(["≤ 0.55", "≥ 0.15"]);
    expect(shown[2]).toMatch(/^= 0\.\d+ ± 0\.15$/);
    const varying = withClaim("its-bias", { within: () => 0.15 });
    const telling = tellingCase(await judgeOne(varying, "its-bias", on(varying)))!;
    expect(targetOf(findClaim(varying, "its-bias"), telling)).toMatch(/± 0\.15$/);
  });
});
