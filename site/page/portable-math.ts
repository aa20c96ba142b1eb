// The elementary functions as Node's engine has them, in plain arithmetic: Sun's fdlibm, as ported to V8. Engines round
// them in ways of their own, browsers of the same engine even, from version to version; +, −, ×, ÷ and √ are exact
// everywhere, so that these give the same bits in any browser. The judge runs with them in Math's place.

import expm1 from "@stdlib/math-base-special-expm1";
import log from "@stdlib/math-base-special-ln";
import log1p from "@stdlib/math-base-special-log1p";
import rempio2 from "@stdlib/math-base-special-rempio2";

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
// Every browser's machine is little-endian.
const high = (x: number): number => {
  double[0] = x;
  return words[1]!;
};
const low = (x: number): number => {
  double[0] = x;
  return words[0]!;
};
const withHigh = (x: number, word: number): number => {
  double[0] = x;
  words[1] = word;
  return double[0];
};
/** x with its low word cleared. */
const head = (x: number): number => {
  double[0] = x;
  words[0] = 0;
  return double[0];
};

const dpHigh = 0.5849624872207642;
const dpLow = 1.350039202129749e-8;
const [L1, L2, L3] = [0.5999999999999946, 0.4285714285785502, 0.33333332981837743];
const [L4, L5, L6] = [0.272728123808534, 0.23066074577556175, 0.20697501780033842];
const [P1, P2, P3] = [0.16666666666666602, -0.0027777777777015593, 0.00006613756321437934];
const [P4, P5] = [-0.0000016533902205465252, 4.1381367970572385e-8];
const [lg2, lg2High, lg2Low] = [Math.LN2, 0.6931471824645996, -1.904654299957768e-9];
const [cp, cpHigh, cpLow] = [0.9617966939259756, 0.9617967009544373, -7.028461650952758e-9];
const [ivln2, ivln2High, ivln2Low] = [Math.LOG2E, 1.4426950216293335, 1.9259629911266175e-8];
const beyond = 8.008566259537294e-17;

const [ln2High, ln2Low] = [0.6931471803691238, 1.9082149292705877e-10];

/** 2^k for k = −1021 … 1023. */
const powersOfTwo = Float64Array.from({ length: 2045 }, (_, i) => withHigh(0, (i + 2) << 20));

/**
 * eˣ: the judge's own hot spot, where a library's costs four times as much. x = k·log 2 + r with |r| ≤ ½ log 2, and e^r
 * by a rational function of r. The last bit depends on the order of these operations.
 */
function exp(x: number): number {
  const size = Math.abs(x);
  if (!(size < 709.7822265625)) {
    if (Number.isNaN(x)) return x;
    if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
    if (x < -745.1332191019411) return 0;
  }
  if (size < 0.3465735912322998) {
    // Below 2^-28 eˣ is 1 + x.
    if (size < 2 ** -28) return 1 + x;
    const t = x * x;
    const c = x - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
    return 1 - ((x * c) / (c - 2) - x);
  }
  // V8 knows e itself.
  if (x === 1) return Math.E;
  const k = size < 1.0397205352783203 ? (x > 0 ? 1 : -1) : Math.trunc(Math.LOG2E * x + (x > 0 ? 0.5 : -0.5));
  const [hi, lo] = [x - k * ln2High, k * ln2Low];
  const r = hi - lo;
  const t = r * r;
  const c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  const y = 1 - (lo - (r * c) / (2 - c) - hi);
  if (k < -1021) return y * powersOfTwo[k + 1000 + 1021]! * 2 ** -1000;
  return k === 1024 ? y * 2 * 2 ** 1023 : y * powersOfTwo[k + 1021]!;
}

/** x^y. */
function pow(x: number, y: number): number {
  if (y === 2) return x * x;
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (y === 1) return x;
  if (y === -1) return 1 / x;
  const hx = high(x);
  const hy = high(y);
  const whole = Number.isInteger(y) ? (y % 2 === 0 ? 2 : 1) : 0;
  if (Math.abs(y) === Number.POSITIVE_INFINITY) {
    const size = Math.abs(x);
    if (size === 1) return Number.NaN;
    return size > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  }
  if (y === 0.5 && hx >= 0) return Math.sqrt(x);
  let ax = Math.abs(x);
  if (ax === 0 || ax === 1 || ax === Number.POSITIVE_INFINITY) {
    const z = hy < 0 ? 1 / ax : ax;
    if (hx >= 0) return z;
    return ax === 1 && whole === 0 ? Number.NaN : whole === 1 ? -z : z;
  }
  if (hx < 0 && whole === 0) return Number.NaN;
  const sign = hx < 0 && whole === 1 ? -1 : 1;
  const huge = sign * Number.POSITIVE_INFINITY;
  let ix = hx & 0x7fffffff;
  const iy = hy & 0x7fffffff;
  let [t1, t2] = [0, 0];
  if (iy > 0x41e00000) {
    if (iy > 0x43f00000) {
      if (ix <= 0x3fefffff) return hy < 0 ? Number.POSITIVE_INFINITY : 0;
      return hy > 0 ? Number.POSITIVE_INFINITY : 0;
    }
    if (ix < 0x3fefffff) return hy < 0 ? huge : sign * 0;
    if (ix > 0x3ff00000) return hy > 0 ? huge : sign * 0;
    const t = ax - 1;
    const w = t * t * (0.5 - t * (0.3333333333333333 - t * 0.25));
    const u = ivln2High * t;
    const v = t * ivln2Low - w * ivln2;
    t1 = head(u + v);
    t2 = v - (t1 - u);
  } else {
    let n = 0;
    if (ix < 0x00100000) {
      ax *= 9007199254740992;
      n -= 53;
      ix = high(ax);
    }
    n += (ix >> 20) - 0x3ff;
    const j = ix & 0x000fffff;
    ix = j | 0x3ff00000;
    let k = 0;
    if (j > 0x3988e) {
      if (j < 0xbb67a) k = 1;
      else {
        n += 1;
        ix -= 0x00100000;
      }
    }
    ax = withHigh(ax, ix);
    const base = k === 0 ? 1 : 1.5;
    let u = ax - base;
    let v = 1 / (ax + base);
    const ss = u * v;
    const sHigh = head(ss);
    let tHigh = withHigh(0, ((ix >> 1) | 0x20000000) + 0x00080000 + (k << 18));
    let tLow = ax - (tHigh - base);
    const sLow = v * (u - sHigh * tHigh - sHigh * tLow);
    let s2 = ss * ss;
    let r = s2 * s2 * (L1 + s2 * (L2 + s2 * (L3 + s2 * (L4 + s2 * (L5 + s2 * L6)))));
    r += sLow * (sHigh + ss);
    s2 = sHigh * sHigh;
    tHigh = head(3 + s2 + r);
    tLow = r - (tHigh - 3 - s2);
    u = sHigh * tHigh;
    v = sLow * tHigh + tLow * ss;
    const pHigh = head(u + v);
    const pLow = v - (pHigh - u);
    const zHigh = cpHigh * pHigh;
    const zLow = cpLow * pHigh + pLow * cp + (k === 0 ? 0 : dpLow);
    const shift = k === 0 ? 0 : dpHigh;
    t1 = head(zHigh + zLow + shift + n);
    t2 = zLow - (t1 - n - shift - zHigh);
  }
  const y1 = head(y);
  const pLow = (y - y1) * t1 + y * t2;
  let pHigh = y1 * t1;
  let z = pLow + pHigh;
  const j = high(z);
  const i = low(z);
  if (j >= 0x40900000) {
    if (((j - 0x40900000) | i) !== 0 || pLow + beyond > z - pHigh) return huge;
  } else if ((j & 0x7fffffff) >= 0x4090cc00) {
    if (((j - 0xc090cc00) | i) !== 0 || pLow <= z - pHigh) return sign * 0;
  }
  let n = 0;
  if ((j & 0x7fffffff) > 0x3fe00000) {
    let k = ((j & 0x7fffffff) >> 20) - 0x3ff;
    n = j + (0x00100000 >> (k + 1));
    k = ((n & 0x7fffffff) >> 20) - 0x3ff;
    const t = withHigh(0, n & ~(0x000fffff >> k));
    n = ((n & 0x000fffff) | 0x00100000) >> (20 - k);
    if (j < 0) n = -n;
    pHigh -= t;
  }
  const t = head(pLow + pHigh);
  const u = t * lg2High;
  const v = (pLow - (t - pHigh)) * lg2 + t * lg2Low;
  z = u + v;
  const w = v - (z - u);
  const zz = z * z;
  const c = z - zz * (P1 + zz * (P2 + zz * (P3 + zz * (P4 + zz * P5))));
  // V8 divides by all of it, where fdlibm subtracts w + zw from the quotient.
  const r = (z * c) / (c - 2 - (w + z * w));
  z = 1 - (r - z);
  const word = high(z) + (n << 20);
  // Below the normal numbers in two steps of a power of two, of which the last alone rounds.
  return sign * (word >> 20 <= 0 ? z * 2 ** -537 * 2 ** (n + 537) : withHigh(z, word));
}

const atanHigh = [0.4636476090008061, 0.7853981633974483, 0.982793723247329, 1.5707963267948966];
const atanLow = [2.2698777452961687e-17, 3.061616997868383e-17, 1.3903311031230998e-17, 6.123233995736766e-17];
const aT = [
  ...[0.3333333333333293, -0.19999999999876483, 0.14285714272503466, -0.11111110405462356],
  ...[0.09090887133436507, -0.0769187620504483, 0.06661073137387531, -0.058335701337905735],
  ...[0.049768779946159324, -0.036531572744216916, 0.016285820115365782],
] as const;

/** arctan x. */
function atan(given: number): number {
  let x = given;
  const ix = high(x) & 0x7fffffff;
  if (Number.isNaN(x)) return x;
  if (ix >= 0x44100000) return x > 0 ? atanHigh[3]! + atanLow[3]! : -atanHigh[3]! - atanLow[3]!;
  let id = -1;
  if (ix < 0x3fdc0000) {
    if (ix < 0x3e400000) return x;
  } else {
    x = Math.abs(x);
    if (ix < 0x3ff30000) {
      if (ix < 0x3fe60000) {
        id = 0;
        x = (2 * x - 1) / (2 + x);
      } else {
        id = 1;
        x = (x - 1) / (x + 1);
      }
    } else if (ix < 0x40038000) {
      id = 2;
      x = (x - 1.5) / (1 + 1.5 * x);
    } else {
      id = 3;
      x = -1 / x;
    }
  }
  const z = x * x;
  const w = z * z;
  const s1 = z * (aT[0] + w * (aT[2] + w * (aT[4] + w * (aT[6] + w * (aT[8] + w * aT[10])))));
  const s2 = w * (aT[1] + w * (aT[3] + w * (aT[5] + w * (aT[7] + w * aT[9]))));
  if (id < 0) return x - x * (s1 + s2);
  const angle = atanHigh[id]! - (x * (s1 + s2) - atanLow[id]! - x);
  return given < 0 ? -angle : angle;
}

const piLow = 1.2246467991473532e-16;

/** The angle of (x, y). */
function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (x === 1) return atan(y);
  const [hx, hy] = [high(x), high(y)];
  const quarter = ((hy >> 31) & 1) | ((hx >> 30) & 2);
  if (y === 0) return quarter < 2 ? y : quarter === 2 ? Math.PI : -Math.PI;
  if (x === 0) return hy < 0 ? -Math.PI / 2 : Math.PI / 2;
  if (Math.abs(x) === Number.POSITIVE_INFINITY || Math.abs(y) === Number.POSITIVE_INFINITY) return Math.atan2(y, x);
  const k = ((hy & 0x7fffffff) - (hx & 0x7fffffff)) >> 20;
  let z: number;
  let m = quarter;
  if (k > 60) {
    z = Math.PI / 2 + 0.5 * piLow;
    m &= 1;
  } else if (hx < 0 && k < -60) z = 0;
  else z = atan(Math.abs(y / x));
  if (m === 0) return z;
  if (m === 1) return -z;
  return m === 2 ? Math.PI - (z - piLow) : z - piLow - Math.PI;
}

const [C1, C2, C3] = [0.0416666666666666, -0.001388888888887411, 0.00002480158728947673];
const [C4, C5, C6] = [-2.7557314351390663e-7, 2.087572321298175e-9, -1.1359647557788195e-11];
const [S1, S2, S3] = [-0.16666666666666632, 0.00833333333332249, -0.0001984126982985795];
const [S4, S5, S6] = [0.0000027557313707070068, -2.5050760253406863e-8, 1.58969099521155e-10];

function kernelCos(x: number, y: number): number {
  const ix = high(x) & 0x7fffffff;
  if (ix < 0x3e400000) return 1;
  const z = x * x;
  const r = z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))));
  if (ix < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * y));
  const q = ix > 0x3fe90000 ? 0.28125 : withHigh(0, ix - 0x00200000);
  const half = 0.5 * z - q;
  return 1 - q - (half - (z * r - x * y));
}

function kernelSin(x: number, y: number, tail: boolean): number {
  const ix = high(x) & 0x7fffffff;
  if (ix < 0x3e400000) return x;
  const z = x * x;
  const v = z * x;
  const r = S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)));
  return tail ? x - (z * (0.5 * y - v * r) - y - v * S1) : x + v * (S1 + z * r);
}

/** sin or cos by what is left of x after n quarters of a turn. */
function turned(x: number, quarters: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const small = (high(x) & 0x7fffffff) <= 0x3fe921fb;
  const rest: [number, number] = [x, 0];
  const n = (small ? 0 : rempio2(x, rest)) + quarters;
  const [a, b] = rest;
  const value = n & 1 ? kernelCos(a, b) : kernelSin(a, b, !small);
  return n & 2 ? -value : value;
}

function sinh(x: number): number {
  const h = x < 0 ? -0.5 : 0.5;
  const ax = Math.abs(x);
  if (ax < 22) {
    if (ax < 2 ** -28) return x;
    const t = expm1(ax);
    return ax < 1 ? h * (2 * t - (t * t) / (t + 1)) : h * (t + t / (t + 1));
  }
  if (ax < 709.7822265625) return h * exp(ax);
  if (ax > 710.4758600739439) return x * Number.POSITIVE_INFINITY;
  const w = exp(0.5 * ax);
  return h * w * w;
}

function cosh(x: number): number {
  const ix = high(x) & 0x7fffffff;
  const ax = Math.abs(x);
  if (ix < 0x3fd62e43) {
    const t = expm1(ax);
    const w = 1 + t;
    return ix < 0x3c800000 ? w : 1 + (t * t) / (w + w);
  }
  if (ix < 0x40360000) {
    const t = exp(ax);
    return 0.5 * t + 0.5 / t;
  }
  if (ix < 0x40862e42) return 0.5 * exp(ax);
  if (!(ax <= 710.4758600739439)) return ax * Number.POSITIVE_INFINITY;
  const w = exp(0.5 * ax);
  return 0.5 * w * w;
}

/** Math, with the functions that the theorems call replaced by these. */
export const portable: typeof Math = Object.create(Math, {
  ...Object.fromEntries(
    Object.entries(Object.getOwnPropertyDescriptors(Math)).filter(([name]) => typeof name === "string"),
  ),
  ...Object.fromEntries(
    Object.entries({
      ...{ exp, expm1, log, log1p, pow, atan, atan2, sinh, cosh },
      sin: (x: number) => turned(x, 0),
      cos: (x: number) => turned(x, 1),
    }).map(([name, value]) => [name, { value, writable: false, enumerable: true }]),
  ),
});
