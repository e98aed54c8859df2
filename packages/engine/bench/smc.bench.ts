/*
 * Overhead of tempered SMC per particle and move, beside the domain's own work.
 *
 *   node packages/engine/bench/smc.bench.ts
 *
 * The toy domain costs next to nothing, so what is left is the sampler. The answer (the evidence) is
 * checked against enumeration before anything is timed. No Python peer is run: none of the packages on a
 * plain machine samples discrete states with a proposal of one's own.
 */
import { fold, key, quiet } from "../src/base/index.ts";
import { evaluateState, inlineBatches, mixture, proposeOne } from "../src/generate/index.ts";
import { run, smc } from "../src/search/index.ts";
import type { SmcInfo, SmcState } from "../src/search/index.ts";
import { toyDomain, toyPrior, toyRegrow, toySwap, toyWords } from "../src/testing/index.ts";

const proposals = [{ proposal: toyRegrow, weight: 3 }, { proposal: toySwap }];
const batches = inlineBatches(toyDomain, { prior: toyPrior, proposals });
const logL = (word: string) => -2 * Math.abs([...word].filter((l) => l === "b").length - 3) - 1.5 * [...word].filter((l) => l === "a").length;
const logLikelihood = async (texts: readonly string[]) => Float64Array.from(texts, logL);

async function sample(seed: number, size: number): Promise<{ state: SmcState<string>; moves: number }> {
  let moves = 0;
  let last: SmcState<string> | undefined;
  const sampler = smc({ batches, logLikelihood, size, ess: 0.8 });
  for await (const { state, info } of run<SmcState<string>, SmcInfo>(sampler, key(seed), quiet)) {
    last = state;
    moves += info?.moves ?? 0;
  }
  return { state: last!, moves };
}

const truth = toyWords()
  .filter((word) => evaluateState(toyDomain, [], word).key !== null)
  .reduce((z, word) => z + Math.exp(toyPrior.logDensity(word) + logL(word)), 0);
const checks = await Promise.all(Array.from({ length: 10 }, (_, seed) => sample(seed, 1000)));
const estimate = checks.reduce((s, { state }) => s + Math.exp(state.logEvidence!), 0) / checks.length;
if (Math.abs(estimate / truth - 1) > 0.05) throw new Error(`evidence ${estimate}, by enumeration ${truth}`);
console.log(`evidence ${estimate.toExponential(4)}, by enumeration ${truth.toExponential(4)}: agrees\n`);

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Microseconds per state for a proposal and its judgement alone. */
function domainOnly(size: number): number {
  const drawn = mixture(proposals);
  const states = Array.from({ length: size }, (_, i) => toyPrior.sample(fold(key(1), i)));
  const begin = performance.now();
  states.forEach((state, i) => evaluateState(toyDomain, [], proposeOne(drawn, toyPrior, fold(key(2), i), state).to));
  return ((performance.now() - begin) / size) * 1000;
}

console.log("particles   µs per particle and move   of which domain   sampler");
for (const size of [100, 1000, 10_000]) {
  const rounds = Array.from({ length: 5 }, (_, seed) => seed);
  const whole: number[] = [];
  const domain: number[] = [];
  for (const seed of rounds) {
    const begin = performance.now();
    const { moves } = await sample(seed, size);
    whole.push(((performance.now() - begin) / (moves * size)) * 1000);
    domain.push(domainOnly(size));
  }
  const [a, b] = [median(whole), median(domain)];
  console.log(`${String(size).padStart(9)}   ${a.toFixed(2).padStart(24)}   ${b.toFixed(2).padStart(15)}   ${(a - b).toFixed(2).padStart(7)}`);
}
