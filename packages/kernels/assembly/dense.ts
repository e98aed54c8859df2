/* Entry points of the dense build: matrices and similarities. Pointers and sizes are plain numbers. */
import { backward, factor, forward, inverse } from "./cholesky";
import { mirror, multiply, scaleBy } from "./gemm";
import { bits, bytes, popcounts, reals } from "./tanimoto";

export { heapStart } from "./layout";
export { backward, bits, bytes, factor, forward, inverse, popcounts, reals };

function product<T>(m: usize, n: usize, k: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, csb: usize, c: usize, alpha: T, beta: T): void {
  scaleBy<T>(m * n, c, beta);
  multiply<T>(m, n, k, a, rsa, csa, b, rsb, csb, c, n, alpha, false);
}
function square<T>(n: usize, k: usize, a: usize, rs: usize, cs: usize, c: usize, alpha: T, beta: T): void {
  scaleBy<T>(n * n, c, beta);
  multiply<T>(n, n, k, a, rs, cs, a, cs, rs, c, n, alpha, true);
  mirror<T>(n, c);
}
export function gemm64(m: usize, n: usize, k: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, csb: usize, c: usize, alpha: f64, beta: f64): void {
  product<f64>(m, n, k, a, rsa, csa, b, rsb, csb, c, alpha, beta);
}
export function gemm32(m: usize, n: usize, k: usize, a: usize, rsa: usize, csa: usize, b: usize, rsb: usize, csb: usize, c: usize, alpha: f32, beta: f32): void {
  product<f32>(m, n, k, a, rsa, csa, b, rsb, csb, c, alpha, beta);
}
export function syrk64(n: usize, k: usize, a: usize, rs: usize, cs: usize, c: usize, alpha: f64, beta: f64): void {
  square<f64>(n, k, a, rs, cs, c, alpha, beta);
}
export function syrk32(n: usize, k: usize, a: usize, rs: usize, cs: usize, c: usize, alpha: f32, beta: f32): void {
  square<f32>(n, k, a, rs, cs, c, alpha, beta);
}
