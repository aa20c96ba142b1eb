/**
 * A quadrature rule: ∫ f(x) w(x) dx ≈ Σ weights[i] · f(nodes[i]), nodes ascending. Shared by all callers: do not write
 * to it.
 */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The n-point Gauss–Legendre rule for ∫ f(x) dx over [−1, 1]: exact on polynomials of degree up to 2n − 1.
 *
 * Accurate to rounding. Cached by n; the first call costs about 60n² operations.
 * @throws RangeError unless n is an integer from 1 to 512 (compose shorter rules beyond that).
 */
export function gaussLegendre(n: number): QuadratureRule {
  return cachedRule("gaussLegendre", legendreRules, n, (j) => j / Math.sqrt(4 * j * j - 1), 2, 1);
}

/**
 * The n-point Gauss–Hermite rule for E f(g), g ~ N(0, 1): exact on polynomials of degree up to 2n − 1. Weights sum to
 * 1.
 *
 * Accurate to rounding, tails included (weights below the least double are 0). Cached by n; the first call costs about
 * 60n² operations.
 * @throws RangeError unless n is an integer from 1 to 512.
 */
export function gaussHermite(n: number): QuadratureRule {
  return cachedRule("gaussHermite", hermiteRules, n, (j) => Math.sqrt(j), 1, 2 * Math.sqrt(n));
}

const largest = 512;
const legendreRules = new Map<number, QuadratureRule>();
const hermiteRules = new Map<number, QuadratureRule>();

function cachedRule(
  name: string,
  rules: Map<number, QuadratureRule>,
  n: number,
  beta: (j: number) => number,
  mass: number,
  radius: number,
): QuadratureRule {
  if (!(Number.isInteger(n) && n >= 1 && n <= largest)) {
    throw new RangeError(`${name} needs an integer number of nodes from 1 to ${largest}, got ${n}`);
  }
  let rule = rules.get(n);
  if (rule === undefined) {
    rule = symmetricRule(n, beta, mass, radius);
    rules.set(n, rule);
  }
  return rule;
}

/**
 * The Gauss rule of a symmetric weight of that total mass, from the recurrence of its orthonormal polynomials, β_{j+1}
 * p_{j+1} = x p_j − β_j p_{j−1}.
 *
 * The nodes are the eigenvalues of the Jacobi matrix with off-diagonal β (Golub & Welsch 1969), here separated by
 * bisection on its Sturm sequence, then polished by a Newton step on p_n; the weights are 1/Σ_{j<n} p_j² (Christoffel).
 * Both keep their relative accuracy in the tails, where squared eigenvector entries do not. By Christoffel–Darboux the
 * derivative at a root is p_n′ = Σ_{j<n} p_j² / (β_n p_{n−1}), so that values alone give the Newton step. All nodes lie
 * within ±radius.
 */
function symmetricRule(n: number, beta: (j: number) => number, mass: number, radius: number): QuadratureRule {
  const offDiagonal = Float64Array.from({ length: n + 1 }, (_, j) => (j === 0 ? 0 : beta(j)));
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = n >> 1; i < n; i++) {
    const middle = 2 * i + 1 === n;
    let x = middle ? 0 : bisectEigenvalue(offDiagonal, n, i, radius);
    if (!middle) x -= christoffel(offDiagonal, n, x).newton;
    const weight = mass / christoffel(offDiagonal, n, x).sum;
    nodes[i] = x;
    weights[i] = weight;
    if (!middle) nodes[n - 1 - i] = -x;
    weights[n - 1 - i] = weight;
  }
  return { nodes, weights };
}

/** Eigenvalue i (from 0, ascending), positive, of the n × n Jacobi matrix, to about radius · eps. */
function bisectEigenvalue(beta: Float64Array, n: number, i: number, radius: number): number {
  let low = 0;
  let high = radius;
  for (let halving = 0; halving < 50; halving++) {
    const x = (low + high) / 2;
    // The pivots of J − xI: as many are negative as eigenvalues lie below x (Sylvester).
    let below = 0;
    let pivot = -x;
    for (let j = 1; ; j++) {
      if (pivot < 0) below++;
      if (j === n) break;
      pivot = -x - beta[j]! ** 2 / (pivot === 0 ? Number.MIN_VALUE : pivot);
    }
    if (below > i) high = x;
    else low = x;
  }
  return (low + high) / 2;
}

/** Σ_{j<n} p_j(x)² for polynomials scaled to p_0 = 1, and the Newton step p_n / p_n′ near a root of p_n. */
function christoffel(beta: Float64Array, n: number, x: number): { sum: number; newton: number } {
  let previous = 0;
  let current = 1;
  let sum = 0;
  for (let j = 0; j < n; j++) {
    sum += current * current;
    const next = (x * current - beta[j]! * previous) / beta[j + 1]!;
    previous = current;
    current = next;
  }
  // In this order an infinite sum, a weight below the least double, gives a zero step.
  return { sum, newton: (current / sum) * beta[n]! * previous };
}
