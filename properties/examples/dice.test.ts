import type { Stream } from "icl-claims/judge";
import { matchers } from "icl-claims/vitest";
import { expect, it } from "vitest";

expect.extend(matchers);
const roll = (stream: Stream) => 1 + Math.floor(6 * stream.uniform());

it("two dice show 7 on average", async () => {
  const draw = (stream: Stream) => roll(stream) + roll(stream);
  await expect({ draw, range: [2, 12], claim: { form: "equals", target: 7, within: 0.2 } }).toBeSupported();
  await expect({ draw, range: [2, 12], claim: { form: "atMost", bound: 6.5, slack: 0.2 } }).toBeRefuted();
});
