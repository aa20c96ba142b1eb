import { tile } from "./tile";

/** Rows of b that stay in the second-level cache while the rows of a stream past: about 384 KiB. */
// @ts-ignore: decorator
@inline
function panelTiles(bytesPerTile: usize): usize {
  const tiles: usize = 393216 / (bytesPerTile + 1);
  return tiles < 1 ? 1 : tiles;
}

/** Tile rows [begin, end) of c = a bᵀ; a, b packed; c row-major, of 4·cols columns. */
export function product<T>(a: usize, b: usize, inner: usize, c: usize, cols: usize, begin: usize, end: usize): void {
  const group: usize = 4 * inner * sizeof<T>();
  const stride: usize = 4 * cols * sizeof<T>();
  const panel = panelTiles(group);
  for (let first: usize = 0; first < cols; first += panel) {
    const last = min(first + panel, cols);
    for (let g = begin; g < end; g++) {
      for (let h = first; h < last; h++) {
        tile<T>(a + g * group, b + h * group, inner, c + 4 * g * stride + 4 * h * sizeof<T>(), stride);
      }
    }
  }
}

/**
 * Tile rows [begin, end) of the lower triangle of c = a aᵀ, and their mirror images; c row-major, of 4·rows columns.
 */
export function gram<T>(a: usize, inner: usize, c: usize, rows: usize, begin: usize, end: usize): void {
  const group: usize = 4 * inner * sizeof<T>();
  const stride: usize = 4 * rows * sizeof<T>();
  const panel = panelTiles(group);
  for (let first: usize = 0; first < end; first += panel) {
    for (let g = max(begin, first); g < end; g++) {
      const last = min(first + panel, g + 1);
      for (let h = first; h < last; h++) {
        const at = c + 4 * g * stride + 4 * h * sizeof<T>();
        tile<T>(a + g * group, a + h * group, inner, at, stride);
        const mirror = c + 4 * h * stride + 4 * g * sizeof<T>();
        for (let i: usize = 0; i < 4; i++) {
          for (let j: usize = 0; j < 4; j++) {
            store<T>(mirror + j * stride + i * sizeof<T>(), load<T>(at + i * stride + j * sizeof<T>()));
          }
        }
      }
    }
  }
}

/**
 * Tile rows [begin, end) of the lower triangle of (m mᵀ) ∘ (u uᵀ), as 4 × 4 tiles one after another: tile (g, h), h ≤
 * g, is number g(g+1)/2 + h. `scratch` holds one tile, so that neither factor is ever stored.
 */
export function gramProduct<T>(
  m: usize, mInner: usize, u: usize, uInner: usize, k: usize, scratch: usize, begin: usize, end: usize,
): void {
  const mGroup: usize = 4 * mInner * sizeof<T>();
  const uGroup: usize = 4 * uInner * sizeof<T>();
  const panel = panelTiles(mGroup + uGroup);
  for (let first: usize = 0; first < end; first += panel) {
    for (let g = max(begin, first); g < end; g++) {
      const last = min(first + panel, g + 1);
      for (let h = first; h < last; h++) {
        const at = k + ((g * (g + 1)) / 2 + h) * 16 * sizeof<T>();
        tile<T>(m + g * mGroup, m + h * mGroup, mInner, at, 4 * sizeof<T>());
        tile<T>(u + g * uGroup, u + h * uGroup, uInner, scratch, 4 * sizeof<T>());
        for (let i: usize = 0; i < 16 * sizeof<T>(); i += 16) {
          v128.store(at + i, v128.mul<T>(v128.load(at + i), v128.load(scratch + i)));
        }
      }
    }
  }
}
