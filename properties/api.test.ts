import * as api from "icl-claims";
import { expect, it } from "vitest";

it("exports the judge, the transformer and what a theorem is made of, each name once", () => {
  const wanted = [
    "Judge",
    "drawsNeeded",
    "multiplyEvidence",
    "matchers",
    "Stream",
    "trainDual",
    "maxMargin",
    "exactRisk",
    "theorem",
    "assume",
    "judge",
    "auditDrops",
  ];
  for (const name of wanted) expect(api, name).toHaveProperty(name);
});
