/** What makes an array of that many zeros, shared with nobody. */
export type Pieces = (length: number) => Float64Array;

/**
 * Cuts arrays of zeros from one of `total` numbers, for a sample of many small arrays: one of more than 8 numbers costs
 * a microsecond of its own (beyond 64 bytes V8 allocates outside its heap), a piece 30 ns. The pieces are disjoint and
 * live as long as the longest-lived of them. When all is cut, another `total` is.
 * @throws RangeError on a piece that is larger than the whole.
 */
export function piecesOf(total: number): Pieces {
  let whole = new Float64Array(total);
  let used = 0;
  return (length) => {
    if (length > total) throw new RangeError(`a piece of ${length} numbers is larger than the whole of ${total}`);
    if (used + length > total) {
      whole = new Float64Array(total);
      used = 0;
    }
    used += length;
    return new Float64Array(whole.buffer, 8 * (used - length), length);
  };
}
