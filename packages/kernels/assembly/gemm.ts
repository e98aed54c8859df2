/*
 * C += alpha · A · B by the packed scheme of Goto & van de Geijn (2008), doi 10.1145/1356052.1356053.
 * Operands have free row and column strides, C is row-major. Packing buffers are padded with zeros and the
 * full register tile always runs, so an element's rounding depends on its own row, its own column and k.
 */
import { KC, MC, MR, NC, packedA, packedB, tile } from "./layout";

/** c + a · b; fused in the relaxed build. */
// @ts-ignore: decorator
@inline
export function madd<T>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, c);
  return v128.add<T>(c, v128.mul<T>(a, b));
}

/** c − a · b; fused in the relaxed build. */
// @ts-ignore: decorator
@inline
export function nmadd<T>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_nmadd<T>(a, b, c);
  return v128.sub<T>(c, v128.mul<T>(a, b));
}

/** Copy `lanes`-wide panels of a (count × depth) operand: panel[p · lanes + r] = src[r · rs + p · cs], zero beyond count. */
function pack<T>(lanes: usize, count: usize, depth: usize, src: usize, rs: usize, cs: usize, dst: usize): void {
  const size = sizeof<T>();
  const rowStep = rs * size;
  const depthStep = cs * size;
  for (let i: usize = 0; i < count; i += lanes) {
    const present = min(lanes, count - i);
    const from = src + i * rowStep;
    if (present < lanes) memory.fill(dst, 0, lanes * depth * size);
    if (present == lanes && rs == 1) {
      for (let p: usize = 0; p < depth; p++) {
        const row = from + p * depthStep;
        const to = dst + p * lanes * size;
        for (let o: usize = 0; o < lanes * size; o += 16) v128.store(to + o, v128.load(row + o));
      }
    } else if (present == lanes) {
      for (let r: usize = 0; r < lanes; r += 4) {
        const row = from + r * rowStep;
        let to = dst + r * size;
        for (let p: usize = 0; p < depth; p++) {
          const at = row + p * depthStep;
          store<T>(to, load<T>(at));
          store<T>(to + size, load<T>(at + rowStep));
          store<T>(to + 2 * size, load<T>(at + 2 * rowStep));
          store<T>(to + 3 * size, load<T>(at + 3 * rowStep));
          to += lanes * size;
        }
      }
    } else {
      for (let r: usize = 0; r < present; r++) {
        for (let p: usize = 0; p < depth; p++) store<T>(dst + (p * lanes + r) * size, load<T>(from + r * rowStep + p * depthStep));
      }
    }
    dst += lanes * depth * size;
  }
}

/** One vector of C: c + alpha · acc, never fused, so that edge tiles (scalar) round alike. */
// @ts-ignore: decorator
@inline
function addTo<T>(c: usize, alpha: v128, acc: v128): void {
  v128.store(c, v128.add<T>(v128.load(c), v128.mul<T>(alpha, acc)));
}

/** A 4 × (32 / sizeof T) register tile of A · B over `depth`, added to C where it lies within rows × cols. */
function micro<T>(depth: usize, a: usize, b: usize, c: usize, ldc: usize, rows: usize, cols: usize, alpha: T): void {
  const size = sizeof<T>();
  let c00 = v128.splat<T>(0), c01 = v128.splat<T>(0);
  let c10 = v128.splat<T>(0), c11 = v128.splat<T>(0);
  let c20 = v128.splat<T>(0), c21 = v128.splat<T>(0);
  let c30 = v128.splat<T>(0), c31 = v128.splat<T>(0);
  const end = b + depth * 32;
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load_splat<T>(a);
    c00 = madd<T>(a0, b0, c00);
    c01 = madd<T>(a0, b1, c01);
    const a1 = v128.load_splat<T>(a + size);
    c10 = madd<T>(a1, b0, c10);
    c11 = madd<T>(a1, b1, c11);
    const a2 = v128.load_splat<T>(a + 2 * size);
    c20 = madd<T>(a2, b0, c20);
    c21 = madd<T>(a2, b1, c21);
    const a3 = v128.load_splat<T>(a + 3 * size);
    c30 = madd<T>(a3, b0, c30);
    c31 = madd<T>(a3, b1, c31);
    a += 4 * size;
    b += 32;
  }
  const scale = v128.splat<T>(alpha);
  const wide: usize = 32 / size;
  if (rows >= MR && cols >= wide) {
    addTo<T>(c, scale, c00);
    addTo<T>(c + 16, scale, c01);
    c += ldc * size;
    addTo<T>(c, scale, c10);
    addTo<T>(c + 16, scale, c11);
    c += ldc * size;
    addTo<T>(c, scale, c20);
    addTo<T>(c + 16, scale, c21);
    c += ldc * size;
    addTo<T>(c, scale, c30);
    addTo<T>(c + 16, scale, c31);
    return;
  }
  const t = tile();
  v128.store(t, c00);
  v128.store(t, c01, 16);
  v128.store(t, c10, 32);
  v128.store(t, c11, 48);
  v128.store(t, c20, 64);
  v128.store(t, c21, 80);
  v128.store(t, c30, 96);
  v128.store(t, c31, 112);
  for (let r: usize = 0; r < min(rows, MR); r++) {
    for (let s: usize = 0; s < min(cols, wide); s++) {
      const at = c + (r * ldc + s) * size;
      store<T>(at, load<T>(at) + alpha * load<T>(t + r * 32 + s * size));
    }
  }
}

/**
 * C (m × n, leading dimension ldc) += alpha · A (m × k) · B (k × n). With `lower`, register tiles wholly above the
 * diagonal are left out (C's diagonal starts at its first element).
 */
export function multiply<T>(
  m: usize, n: usize, k: usize,
  a: usize, rsa: usize, csa: usize,
  b: usize, rsb: usize, csb: usize,
  c: usize, ldc: usize, alpha: T, lower: bool,
): void {
  const size = sizeof<T>();
  const wide: usize = 32 / size;
  const pa = packedA();
  const pb = packedB();
  for (let j: usize = 0; j < n; j += NC) {
    const nc = min(NC, n - j);
    for (let p: usize = 0; p < k; p += KC) {
      const kc = min(KC, k - p);
      pack<T>(wide, nc, kc, b + (p * rsb + j * csb) * size, csb, rsb, pb);
      const first = lower ? j / MR * MR : 0;
      for (let i: usize = first; i < m; i += MC) {
        const mc = min(MC, m - i);
        pack<T>(MR, mc, kc, a + (i * rsa + p * csa) * size, rsa, csa, pa);
        for (let jr: usize = 0; jr < nc; jr += wide) {
          let ir: usize = 0;
          if (lower && j + jr > i) ir = (j + jr - i) / MR * MR;
          for (; ir < mc; ir += MR) {
            micro<T>(kc, pa + ir * kc * size, pb + jr * kc * size, c + ((i + ir) * ldc + j + jr) * size, ldc, mc - ir, nc - jr, alpha);
          }
        }
      }
    }
  }
}

/** Multiply an m × n row-major block by beta; zero forgets what was there, NaN included. */
export function scaleBy<T>(count: usize, c: usize, beta: T): void {
  if (beta == 1) return;
  if (beta == 0) {
    memory.fill(c, 0, count * sizeof<T>());
    return;
  }
  for (let i: usize = 0; i < count; i++) store<T>(c + i * sizeof<T>(), beta * load<T>(c + i * sizeof<T>()));
}

/** Copy the lower triangle of a square onto the upper one. */
export function mirror<T>(n: usize, c: usize): void {
  const size = sizeof<T>();
  const block: usize = 32;
  for (let ib: usize = 0; ib < n; ib += block) {
    for (let jb: usize = 0; jb <= ib; jb += block) {
      for (let i = ib; i < min(ib + block, n); i++) {
        for (let j = jb; j < min(jb + block, i); j++) store<T>(c + (j * n + i) * size, load<T>(c + (i * n + j) * size));
      }
    }
  }
}
