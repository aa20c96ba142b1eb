import fc from "fast-check";
import { expect, test } from "vitest";
import { piecesOf } from "../../src/linalg/pieces.js";

test("pieces are zero, of the length asked for, and share no number, also beyond the first whole", () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 40 });
  fc.assert(
    fc.property(lengths, (asked) => {
      const pieces = asked.map(piecesOf(50));
      pieces.forEach((own, i) => {
        expect(own).toEqual(new Float64Array(asked[i]!));
      });
      pieces.forEach((own, i) => {
        own.fill(i + 1);
      });
      pieces.forEach((own, i) => {
        expect(own.every((value) => value === i + 1)).toBe(true);
      });
    }),
  );
});

test("pieces come from one array as long as they fit, and a larger one than all is refused", () => {
  const piece = piecesOf(6);
  const [first, second, third] = [piece(4), piece(2), piece(1)];
  expect(second!.buffer).toBe(first!.buffer);
  expect(third!.buffer).not.toBe(first!.buffer);
  expect(() => piece(7)).toThrow("a piece of 7 numbers is larger than the whole of 6");
});
