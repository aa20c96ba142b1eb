import { proportions, type Stream, several } from "icl-claims/judge";
import { matchers } from "icl-claims/vitest";
import { expect, it } from "vitest";

expect.extend(matchers);

const below = (stream: Stream, n: number) => Math.floor(n * stream.uniform());

/** Fisher and Yates: swap with one that is not placed yet. */
function fair(stream: Stream): number[] {
  const cards = [0, 1, 2, 3];
  for (let i = 3; i > 0; i--) {
    const j = below(stream, i + 1);
    [cards[i], cards[j]] = [cards[j]!, cards[i]!];
  }
  return cards;
}

/** Swap with any: some orders come up more often than others. */
function naive(stream: Stream): number[] {
  const cards = [0, 1, 2, 3];
  for (let i = 0; i < 4; i++) {
    const j = below(stream, 4);
    [cards[i], cards[j]] = [cards[j]!, cards[i]!];
  }
  return cards;
}

/** Every card at every position a quarter of the time, within .01: sixteen claims, their rates split. */
const positions = (shuffle: (stream: Stream) => number[]) =>
  several({
    draw: shuffle,
    maxDraws: 300_000,
    claims: Object.fromEntries(
      [0, 1, 2, 3].flatMap((card) =>
        [0, 1, 2, 3].map((position) => [
          `card ${card} at ${position}`,
          {
            of: (cards: number[]) => Number(cards[position] === card),
            range: [0, 1],
            claim: { form: "equals", target: 0.25, within: 0.01 },
          } as const,
        ]),
      ),
    ),
  });

it("a fair shuffle puts every card everywhere equally often; the naive one does not", async () => {
  await expect(positions(fair)).toBeSupported();
  await expect(positions(naive)).toBeRefuted();
});

it("the last card stays last a quarter of the time", async () => {
  const draw = (stream: Stream) => (fair(stream)[3] === 3 ? "stays" : "goes");
  await expect(proportions({ draw, shares: { stays: 0.25, goes: 0.75 }, within: 0.03 })).toBeSupported();
});
