/*
 * Blocked right-looking Cholesky of a symmetric positive definite row-major matrix, lower triangle in place.
 * Blocks are counted from the first row, so that the factor of a leading part is the leading part of the factor.
 */
import { mirror, multiply, nmadd } from "./gemm";
import { STRIP, strip } from "./layout";

/** Columns factored before the rest of the matrix is updated. */
const PANEL: usize = 128;
/** Columns factored by the unblocked loop. */
const INNER: usize = 32;
/** Rows of one diagonal block of a triangular solve. */
const BLOCK: usize = 64;

/** Unblocked factor of a w × w diagonal block; the index of the first pivot that is not positive and finite, or −1. */
function diagonal(a: usize, w: usize, lda: usize): i32 {
  for (let j: usize = 0; j < w; j++) {
    const rowJ = a + j * lda * 8;
    let d = load<f64>(rowJ + j * 8);
    for (let q: usize = 0; q < j; q++) d -= load<f64>(rowJ + q * 8) * load<f64>(rowJ + q * 8);
    if (!(d > 0 && d < Infinity)) return <i32>j;
    const root = Math.sqrt(d);
    store<f64>(rowJ + j * 8, root);
    for (let i = j + 1; i < w; i++) {
      const rowI = a + i * lda * 8;
      let s = load<f64>(rowI + j * 8);
      for (let q: usize = 0; q < j; q++) s -= load<f64>(rowI + q * 8) * load<f64>(rowJ + q * 8);
      store<f64>(rowI + j * 8, s / root);
    }
  }
  return -1;
}

/** X ← X · L⁻ᵀ for m rows of width w, sixteen rows at a time in a transposed strip. */
function panelSolve(l: usize, w: usize, x: usize, m: usize, ld: usize): void {
  const s = strip();
  for (let i: usize = 0; i < m; i += STRIP) {
    const rows = min(STRIP, m - i);
    if (rows < STRIP) memory.fill(s, 0, STRIP * w * 8);
    for (let r: usize = 0; r < rows; r++) {
      const row = x + (i + r) * ld * 8;
      for (let q: usize = 0; q < w; q++) store<f64>(s + (q * STRIP + r) * 8, load<f64>(row + q * 8));
    }
    for (let j: usize = 0; j < w; j++) solveStrip(l + j * ld * 8, s, j);
    for (let r: usize = 0; r < rows; r++) {
      const row = x + (i + r) * ld * 8;
      for (let q: usize = 0; q < w; q++) store<f64>(row + q * 8, load<f64>(s + (q * STRIP + r) * 8));
    }
  }
}

/** Column j of sixteen rows: subtract what the columns before explain, divide by the pivot. */
function solveStrip(row: usize, s: usize, j: usize): void {
  const at = s + j * STRIP * 8;
  let x0 = v128.load(at), x1 = v128.load(at, 16), x2 = v128.load(at, 32), x3 = v128.load(at, 48);
  let x4 = v128.load(at, 64), x5 = v128.load(at, 80), x6 = v128.load(at, 96), x7 = v128.load(at, 112);
  for (let q: usize = 0; q < j; q++) {
    const l = v128.load_splat<f64>(row + q * 8);
    const from = s + q * STRIP * 8;
    x0 = nmadd<f64>(l, v128.load(from), x0);
    x1 = nmadd<f64>(l, v128.load(from, 16), x1);
    x2 = nmadd<f64>(l, v128.load(from, 32), x2);
    x3 = nmadd<f64>(l, v128.load(from, 48), x3);
    x4 = nmadd<f64>(l, v128.load(from, 64), x4);
    x5 = nmadd<f64>(l, v128.load(from, 80), x5);
    x6 = nmadd<f64>(l, v128.load(from, 96), x6);
    x7 = nmadd<f64>(l, v128.load(from, 112), x7);
  }
  const inverse = v128.splat<f64>(1 / load<f64>(row + j * 8));
  v128.store(at, v128.mul<f64>(x0, inverse));
  v128.store(at, v128.mul<f64>(x1, inverse), 16);
  v128.store(at, v128.mul<f64>(x2, inverse), 32);
  v128.store(at, v128.mul<f64>(x3, inverse), 48);
  v128.store(at, v128.mul<f64>(x4, inverse), 64);
  v128.store(at, v128.mul<f64>(x5, inverse), 80);
  v128.store(at, v128.mul<f64>(x6, inverse), 96);
  v128.store(at, v128.mul<f64>(x7, inverse), 112);
}

/** Factor in place, zero the upper triangle; −1, or the index of the failing pivot. */
export function factor(a: usize, n: usize): i32 {
  for (let o: usize = 0; o < n; o += PANEL) {
    const end = min(o + PANEL, n);
    for (let i = o; i < end; i += INNER) {
      const w = min(INNER, end - i);
      const corner = a + (i * n + i) * 8;
      const bad = diagonal(corner, w, n);
      if (bad >= 0) return <i32>i + bad;
      const next = i + w;
      const below = a + (next * n + i) * 8;
      panelSolve(corner, w, below, n - next, n);
      multiply<f64>(n - next, end - next, w, below, n, 1, below, 1, n, a + (next * n + next) * 8, n, -1, true);
    }
    const left = a + (end * n + o) * 8;
    multiply<f64>(n - end, n - end, end - o, left, n, 1, left, 1, n, a + (end * n + end) * 8, n, -1, true);
  }
  for (let i: usize = 0; i < n; i++) memory.fill(a + (i * n + i + 1) * 8, 0, (n - i - 1) * 8);
  return -1;
}

/** Substitution in one diagonal block, four columns at a time; forward with L, backward with Lᵀ. */
function substitute(l: usize, n: usize, w: usize, x: usize, ld: usize, cols: usize, transposed: bool): void {
  for (let c: usize = 0; c < cols; c += 4) {
    for (let t: usize = 0; t < w; t++) {
      const r = transposed ? w - 1 - t : t;
      const at = x + (r * ld + c) * 8;
      let x0 = v128.load(at), x1 = v128.load(at, 16);
      for (let u: usize = 0; u < t; u++) {
        const q = transposed ? w - 1 - u : u;
        const factor = v128.load_splat<f64>(transposed ? l + (q * n + r) * 8 : l + (r * n + q) * 8);
        const from = x + (q * ld + c) * 8;
        x0 = nmadd<f64>(factor, v128.load(from), x0);
        x1 = nmadd<f64>(factor, v128.load(from, 16), x1);
      }
      const pivot = v128.load_splat<f64>(l + (r * n + r) * 8);
      v128.store(at, v128.div<f64>(x0, pivot));
      v128.store(at, v128.div<f64>(x1, pivot), 16);
    }
  }
}

/** L X = B in place; B is n × ld with ld a multiple of four. `triangular` says that B starts as the identity. */
export function forward(l: usize, n: usize, x: usize, ld: usize, triangular: bool): void {
  for (let i: usize = 0; i < n; i += BLOCK) {
    const w = min(BLOCK, n - i);
    const end = i + w;
    const cols = triangular ? min(ld, (end + 3) & ~3) : ld;
    const block = x + i * ld * 8;
    substitute(l + (i * n + i) * 8, n, w, block, ld, cols, false);
    multiply<f64>(n - end, cols, w, l + (end * n + i) * 8, n, 1, block, ld, 1, x + end * ld * 8, ld, -1, false);
  }
}

/** Lᵀ X = B in place. */
export function backward(l: usize, n: usize, x: usize, ld: usize): void {
  let i = (n - 1) / BLOCK * BLOCK;
  while (true) {
    const w = min(BLOCK, n - i);
    const block = x + i * ld * 8;
    substitute(l + (i * n + i) * 8, n, w, block, ld, ld, true);
    multiply<f64>(i, ld, w, l + i * n * 8, 1, n, block, ld, 1, x, ld, -1, false);
    if (i == 0) return;
    i -= BLOCK;
  }
}

/** (L Lᵀ)⁻¹ into `out` (n × n), both triangles; `work` is n × ld with ld = n rounded up to four. */
export function inverse(l: usize, n: usize, work: usize, ld: usize, out: usize): void {
  memory.fill(work, 0, n * ld * 8);
  memory.fill(out, 0, n * n * 8);
  for (let i: usize = 0; i < n; i++) store<f64>(work + (i * ld + i) * 8, 1);
  forward(l, n, work, ld, true);
  for (let i: usize = 0; i < n; i += PANEL) {
    const end = min(i + PANEL, n);
    const rows = work + i * ld * 8;
    multiply<f64>(end, end, end - i, rows, 1, ld, rows, ld, 1, out, n, 1, true);
  }
  mirror<f64>(n, out);
}

