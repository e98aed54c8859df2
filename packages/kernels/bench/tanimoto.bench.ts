/* Tanimoto similarities of 2048-bit fingerprints and of 2048 counts: millions of pairs a second. Run: node packages/kernels/bench/tanimoto.bench.ts */
import { tanimotoBits, tanimotoCounts } from "../src/index.ts";

const [N, WORDS] = [2000, 64];
const bits = Uint32Array.from({ length: N * WORDS }, (_, i) => (Math.imul(i, 2654435761) & Math.imul(i + 7, 40503) & Math.imul(i ^ 91, 2246822519)) >>> 0);
const counts = Float64Array.from({ length: N * 2048 }, (_, i) => (Math.imul(i, 2654435761) >>> 24 > 245 ? 1 + (i % 3) : 0));

function inPlainScript(i: number, j: number): number {
  let [low, high] = [0, 0];
  for (let p = 0; p < 2048; p++) {
    low += Math.min(counts[i * 2048 + p]!, counts[j * 2048 + p]!);
    high += Math.max(counts[i * 2048 + p]!, counts[j * 2048 + p]!);
  }
  return low / high;
}

const similarity = tanimotoCounts(counts, counts, 2048);
for (const [i, j] of [[0, 1], [17, 1999], [5, 5]] as const) {
  if (similarity[i * N + j] !== inPlainScript(i, j)) throw new Error(`pair (${i}, ${j}) is ${similarity[i * N + j]}, and by hand ${inPlainScript(i, j)}`);
}
for (const [name, work] of [["bits", () => tanimotoBits(bits, bits, WORDS)], ["counts", () => tanimotoCounts(counts, counts, 2048)]] as const) {
  work();
  const start = performance.now();
  work();
  const seconds = (performance.now() - start) / 1000;
  console.log(`${name.padEnd(8)} ${N} × ${N}: ${seconds.toFixed(3)} s, ${(N ** 2 / seconds / 1e6).toFixed(1)} million pairs/s`);
}
