import { tile } from "./tile";

/**
 * K = L Lᵀ in place, for a packed symmetric matrix of `groups` groups of four rows, of which the lower triangle is read;
 * left-looking by tiles: tile (g, h) is K's less the product of the rows' first 4h entries, which `tile` takes, times
 * L_hh⁻ᵀ. A panel of row groups that fits the second-level cache goes through the h together, so that each group h is
 * read once a panel.
 *
 * Row i's pivot is lost unless it is above `tolerance` times K_ii: then inverse[i], else 1/L_ii, is 0, and with it column
 * i of L: a solve gives the unknown 0. (Diagonal entries of L itself are not stored.)
 */
export function cholesky(l: usize, inner: usize, inverse: usize, scratch: usize, groups: usize, tolerance: f64): void {
  const group: usize = 32 * inner;
  let panel: usize = 393216 / (group + 1);
  if (panel < 1) panel = 1;
  for (let first: usize = 0; first < groups; first += panel) {
    const last = min(first + panel, groups);
    for (let h: usize = 0; h < last; h++) {
      const lh = l + h * group;
      for (let g = max(first, h); g < last; g++) {
        const lg = l + g * group;
        tile<f64>(lg, lh, 4 * h, scratch, 32);
        if (g == h) diagonal(lg + h * 128, scratch, inverse + h * 32, tolerance);
        else solve(lg + h * 128, lh + h * 128, scratch, inverse + h * 32);
      }
    }
  }
}

/** Where entry (i, j) of a packed 4 × 4 tile stands: two vectors of two columns, each of all four rows. */
// @ts-ignore: decorator
@inline
function at(i: usize, j: usize): usize {
  return (j >> 1) * 64 + i * 16 + (j & 1) * 8;
}

function diagonal(k: usize, product: usize, inverse: usize, tolerance: f64): void {
  for (let j: usize = 0; j < 4; j++) {
    const whole = load<f64>(k + at(j, j));
    let pivot = whole - load<f64>(product + j * 40);
    for (let a: usize = 0; a < j; a++) pivot -= load<f64>(k + at(j, a)) * load<f64>(k + at(j, a));
    const scale = pivot > tolerance * whole ? 1 / Math.sqrt(pivot) : 0;
    store<f64>(inverse + j * 8, scale);
    for (let i = j + 1; i < 4; i++) {
      let value = load<f64>(k + at(i, j)) - load<f64>(product + i * 32 + j * 8);
      for (let a: usize = 0; a < j; a++) value -= load<f64>(k + at(i, a)) * load<f64>(k + at(j, a));
      store<f64>(k + at(i, j), value * scale);
    }
  }
}

function solve(k: usize, d: usize, product: usize, inverse: usize): void {
  const d10 = load<f64>(d + at(1, 0)), d20 = load<f64>(d + at(2, 0)), d21 = load<f64>(d + at(2, 1));
  const d30 = load<f64>(d + at(3, 0)), d31 = load<f64>(d + at(3, 1)), d32 = load<f64>(d + at(3, 2));
  const i0 = load<f64>(inverse), i1 = load<f64>(inverse, 8), i2 = load<f64>(inverse, 16), i3 = load<f64>(inverse, 24);
  for (let i: usize = 0; i < 4; i++) {
    const x0 = (load<f64>(k + at(i, 0)) - load<f64>(product + i * 32)) * i0;
    const x1 = (load<f64>(k + at(i, 1)) - load<f64>(product + i * 32, 8) - x0 * d10) * i1;
    const x2 = (load<f64>(k + at(i, 2)) - load<f64>(product + i * 32, 16) - (x0 * d20 + x1 * d21)) * i2;
    const x3 = (load<f64>(k + at(i, 3)) - load<f64>(product + i * 32, 24) - (x0 * d30 + x1 * d31 + x2 * d32)) * i3;
    store<f64>(k + at(i, 0), x0);
    store<f64>(k + at(i, 1), x1);
    store<f64>(k + at(i, 2), x2);
    store<f64>(k + at(i, 3), x3);
  }
}
