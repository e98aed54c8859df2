/* GEMM, Cholesky, solves: answers checked, then timed beside numpy and scipy where Python has them. Run: node packages/kernels/bench/dense.bench.ts */
import { spawnSync } from "node:child_process";
import { cholesky, choleskyInverse, gemm, kernelBuild, solveLower, syrk } from "../src/index.ts";

const N = 3000;
const REPEATS = 3;

/** A matrix of the fixed pseudo-random kind that both languages can make. */
const fill = (length: number): Float64Array => Float64Array.from({ length }, (_, i) => ((i * 7919) % 10007) / 10007 - 0.5);

function best(work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let r = 0; r < REPEATS; r++) {
    const start = performance.now();
    work();
    least = Math.min(least, (performance.now() - start) / 1000);
  }
  return least;
}

const covariance = Float64Array.from({ length: N * N }, (_, i) => Math.exp(-(((Math.floor(i / N) - (i % N)) / 8) ** 2)) + (Math.floor(i / N) === i % N ? 0.1 : 0));
const l = covariance.slice();
if (!cholesky(l, N).ok) throw new Error("the test matrix is positive definite, and the factorisation says it is not");
const back = syrk({ n: N, k: N, a: l });
const error = back.reduce((worst, v, i) => Math.max(worst, Math.abs(v - covariance[i]!)), 0);
if (!(error < 1e-12)) throw new Error(`L Lᵀ is off by ${error}`);

const [m64, a64] = [1024, fill(1024 * 1024)];
const a32 = Float32Array.from(a64);
const small = covariance.filter((_, i) => Math.floor(i / N) < 1000 && i % N < 1000);
const rows: (readonly [string, number, number])[] = [
  ["gemm f64 1024", best(() => gemm({ m: m64, n: m64, k: m64, a: a64, b: a64 })), 2 * m64 ** 3],
  ["gemm f32 1024", best(() => gemm({ m: m64, n: m64, k: m64, a: a32, b: a32 })), 2 * m64 ** 3],
  ["syrk f64 1024", best(() => syrk({ n: m64, k: m64, a: a64 })), m64 ** 3],
  ["cholesky 1000", best(() => cholesky(small.slice(), 1000)), 1000 ** 3 / 3],
  ["cholesky 3000", best(() => cholesky(covariance.slice(), N)), N ** 3 / 3],
  ["solveLower 3000 × 500", best(() => solveLower(l, N, covariance.subarray(0, N * 500), 500)), N * N * 500],
  ["choleskyInverse 3000", best(() => choleskyInverse(l, N)), (2 * N ** 3) / 3],
];
console.log(`build: ${kernelBuild()}; L Lᵀ agrees to ${error.toExponential(1)}`);
for (const [name, seconds, flops] of rows) console.log(`${name.padEnd(24)} ${seconds.toFixed(3)} s  ${(flops / seconds / 1e9).toFixed(1).padStart(6)} GF/s`);

const SCRIPT = `
import numpy as np, scipy.linalg as sl, time
def best(f):
    t=[]
    for _ in range(${REPEATS}):
        s=time.perf_counter(); f(); t.append(time.perf_counter()-s)
    return min(t)
i=np.arange(${N}); A=np.exp(-((i[:,None]-i[None,:])/8.0)**2)+0.1*np.eye(${N})
B=np.random.default_rng(0).normal(size=(1024,1024)); F=B.astype(np.float32)
print(best(lambda: sl.cholesky(A,lower=True)), best(lambda: B@B), best(lambda: F@F))
`;
for (const threads of ["1", "2"]) {
  const { status, stdout } = spawnSync("python3", ["-c", SCRIPT], { env: { ...process.env, OPENBLAS_NUM_THREADS: threads }, encoding: "utf8" });
  if (status !== 0) {
    console.log("numpy and scipy are not here: no comparison");
    break;
  }
  const [chol, f64, f32] = stdout.trim().split(" ").map(Number) as [number, number, number];
  console.log(`scipy, ${threads} thread(s): cholesky ${N} ${chol.toFixed(3)} s; gemm 1024 f64 ${f64.toFixed(3)} s, f32 ${f32.toFixed(3)} s; cholesky here / scipy = ${(rows[4]![1] / chol).toFixed(2)}`);
}
