/*
 * Gaussian quadrature on typed arrays. Nodes are the roots of the orthogonal polynomial, found by Newton's
 * method from asymptotic guesses; rules are computed once for each size.
 */
import { InputError } from "../base/errors.ts";

export interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const checkSize = (n: number, most: number) => {
  if (!(Number.isInteger(n) && n >= 1 && n <= most)) throw new InputError(`size of a quadrature rule: ${n} — a whole number from 1 to ${most}`, { value: n });
};

const remembered = (make: (n: number) => Rule, most: number): ((n: number) => Rule) => {
  const rules = new Map<number, Rule>();
  return (n) => {
    checkSize(n, most);
    const rule = rules.get(n) ?? make(n);
    rules.set(n, rule);
    return rule;
  };
};

/** ∫ f over [−1, 1] ≈ Σ w f(x), exact for polynomials of degree 2n − 1; nodes ascending. */
export const gaussLegendre = remembered((n) => {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    for (let k = 0; k < 20; k++) {
      const [p, slope] = legendre(n, x);
      x -= p / slope;
      if (Math.abs(p / slope) < 1e-16) break;
    }
    nodes[i] = n % 2 === 1 && i === (n - 1) / 2 ? 0 : x;
    weights[i] = 2 / ((1 - x * x) * legendre(n, x)[1] ** 2);
  }
  return { nodes, weights };
}, 1000);

/** P_n and its derivative, by the three-term recurrence. */
function legendre(n: number, x: number): readonly [number, number] {
  let [before, p] = [1, x];
  for (let k = 2; k <= n; k++) [before, p] = [p, ((2 * k - 1) * x * p - (k - 1) * before) / k];
  return n === 0 ? [1, 0] : [p, (n * (x * p - before)) / (x * x - 1)];
}

/**
 * E f(Z) of a standard normal Z ≈ Σ w f(x) (Gauss-Hermite in the probabilists' form; weights sum to one),
 * exact for polynomials of degree 2n − 1; nodes ascending.
 */
export const gaussHermite = remembered((n) => {
  const { nodes, firstComponents } = tridiagonalRule(n);
  return { nodes, weights: firstComponents.map((v) => v * v) };
}, 200);

/** Golub & Welsch (1969): eigenvalues of the Jacobi matrix by bisection on Sturm counts, vectors by the recurrence. */
function tridiagonalRule(n: number): { readonly nodes: Float64Array; readonly firstComponents: Float64Array } {
  const bound = 2 * Math.sqrt(n);
  const nodes = Float64Array.from({ length: n }, (_, i) => (2 * i + 1 === n ? 0 : eigenvalue(n, i, bound)));
  for (let i = 0; i < n >> 1; i++) nodes[i] = -nodes[n - 1 - i]!;
  return { nodes, firstComponents: nodes.map((x) => 1 / Math.sqrt(squaredNorm(n, x))) };
}

function eigenvalue(n: number, index: number, bound: number): number {
  let low = -bound;
  let high = bound;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (sturmCount(n, middle) > index) high = middle;
    else low = middle;
  }
}

/** Eigenvalues below x of the matrix with zero diagonal and off-diagonals √1 … √(n − 1). */
function sturmCount(n: number, x: number): number {
  let q = -x;
  let count = q < 0 ? 1 : 0;
  for (let k = 1; k < n; k++) {
    q = -x - k / (q === 0 ? Number.EPSILON : q);
    if (q < 0) count++;
  }
  return count;
}

/** Σ of the squared orthonormal Hermite polynomials of degree < n at x. */
function squaredNorm(n: number, x: number): number {
  let [before, p, sum] = [0, 1, 1];
  for (let k = 1; k < n; k++) {
    [before, p] = [p, (x * p - Math.sqrt(k - 1) * before) / Math.sqrt(k)];
    sum += p * p;
  }
  return sum;
}
