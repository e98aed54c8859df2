/*
 * How fast this machine is with some materials: seconds measured on a few of them, to forecast those of all.
 */
import { fold, key, type Context } from "@tatara/engine/base";
import { evaluateState, proposeOne, type Descriptor, type Domain } from "@tatara/engine/generate";
import { fitPrior, makeMoves } from "../executors/generator.ts";
import type { InvertStudy } from "../schema/study.ts";

/** Materials of each measurement, after as many to warm up: the first ones are slow, because the code is still being compiled. */
const SAMPLE = 150;
/** Materials that are compared with one another. */
const COMPARED = 60;
/** A measurement ends after this time, when it has seen at least so many materials. */
const LONGEST_MS = 700;
const FEWEST = 20;

export interface Rates {
  /** Seconds to read a material. */
  readonly read: number;
  /** Seconds to read and describe one. */
  readonly describe: number;
  /** Seconds to compare two that were read. */
  readonly compare: number;
}

/** `n` items from all over a list. */
export const spread = <A>(items: readonly A[], n: number): readonly A[] => (items.length <= n ? items : Array.from({ length: n }, (_, i) => items[Math.floor(((i + 0.5) / n) * items.length)]!));

/** Seconds that `work` takes for an item, once it is warm. */
function secondsEach<A>(items: readonly A[], work: (item: A) => void, { now }: Context): number {
  const timed = (part: readonly A[]): number => {
    const started = now();
    let done = 0;
    for (const item of part) {
      if (done >= FEWEST && now() - started > LONGEST_MS) break;
      work(item);
      done++;
    }
    return (now() - started) / 1000 / Math.max(1, done);
  };
  const half = items.length >> 1;
  timed(items.slice(0, half));
  return timed(items.slice(half));
}

/** What a broken structure costs counts too; the run reports it. */
function readable({ codec }: Pick<Domain<unknown>, "codec">, text: string): readonly unknown[] {
  try {
    return [codec.parse(text)];
  } catch {
    return [];
  }
}

/** Rates of a domain with texts like these. Domains remember what they have just read: no text is read twice. */
export function ratesOf(domain: Domain<unknown>, descriptors: readonly Descriptor<unknown>[], texts: readonly string[], ctx: Context): Rates {
  const some = spread(texts, 4 * SAMPLE);
  const row = new Float64Array(descriptors.reduce((sum, { features }) => sum + features.length, 0));
  const describe = secondsEach(some.filter((_, i) => i % 2 === 0), (text) => {
    for (const material of readable(domain, text)) {
      let at = 0;
      for (const descriptor of descriptors) descriptor.write(material, row.subarray(at, (at += descriptor.features.length)));
    }
  }, ctx);
  const materials: unknown[] = [];
  const read = secondsEach(some.filter((_, i) => i % 2 === 1), (text) => void materials.push(...readable(domain, text)), ctx);
  const pairs = spread(materials, COMPARED);
  const each = secondsEach([...pairs, ...pairs], (a) => pairs.forEach((b) => domain.similarity(a, b)), ctx);
  return { read, describe: Math.max(1e-4, describe), compare: pairs.length === 0 ? 0 : each / pairs.length };
}

/** Materials that a prior is fitted to, and that are changed: first to warm up, then to measure it. */
const CORPUS = [40, 200] as const;

export interface GeneratorRates {
  /** Seconds that a worker takes to read its corpus and to fit the prior and its moves. */
  readonly fit: number;
  /** Seconds to propose a change and to look at what it leads to. */
  readonly move: number;
}

/** Rates of a prior and its moves over `n` materials, of which some texts are known. */
export function generatorRates({ prior, prior_options: priorOptions, proposals }: InvertStudy["generate"], domain: Domain<unknown, unknown>, { texts, n, read }: { readonly texts: readonly string[]; readonly n: number; readonly read: number }, ctx: Context): GeneratorRates {
  const setup = { prior: prior!, priorOptions, proposals: proposals!, key: key(1) };
  const effort = (m: number) => domain.priors[prior!]!.effort?.(m, priorOptions) ?? m;
  let rates: GeneratorRates = { fit: 0, move: 0 };
  for (const size of CORPUS) {
    const corpus = spread(texts, size).flatMap((text) => readable(domain, text));
    if (corpus.length === 0) break;
    const started = ctx.now();
    const fitted = fitPrior(domain, setup, corpus);
    const between = ctx.now();
    const moves = makeMoves(domain, setup, fitted, corpus);
    const ended = ctx.now();
    const move = secondsEach([...corpus.entries()], ([i, s]) => void evaluateState(domain, [], proposeOne(moves, fitted, fold(setup.key, i), domain.lift(s)).to), ctx);
    rates = { fit: n * read + ((between - started) / 1000) * (effort(n) / effort(corpus.length)) + ((ended - between) / 1000) * (n / corpus.length), move };
    if (ended - started > LONGEST_MS) break;
  }
  return rates;
}
