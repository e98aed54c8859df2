/*
 * The chemical language model on real corpora: how fast it is fitted, drawn from and scored; raw validity, uniqueness
 * and novelty of 10,000 strings with and without the guard; and how many texts survive our parser and writer.
 *
 *   node packages/domains/bench/language.bench.ts [strings, default 10000] [rows of ZINC, default all]
 *
 * Times are seconds of this process's CPU, so that a busy machine does not spoil them. SHOW=1 prints invalid strings.
 */
import initRDKit from "@rdkit/rdkit";
import { fold, key, stream } from "@tatara/engine/base";
import { countNgrams } from "../src/chem/language/counts.ts";
import type { NgramCounts } from "../src/chem/language/counts.ts";
import { languagePrior } from "../src/chem/language/prior.ts";
import type { Smoothing } from "../src/chem/language/tables.ts";
import { parseSmiles, writeSmiles } from "../src/chem/smiles/index.ts";
import type { Rdkit } from "../src/chem/types.ts";
import { openPolymers, smipoly, zinc } from "../test/smiles/corpora.ts";

const draws = Number(process.argv[2] ?? 10_000);
const zincRows = Number(process.argv[3] ?? Number.POSITIVE_INFINITY);
const rdkit = await (initRDKit as unknown as () => Promise<Rdkit>)();

function canonical(text: string): string | null {
  const mol = rdkit.get_mol(text);
  if (mol === null) return null;
  const result = mol.get_smiles();
  mol.delete();
  return result;
}

function timed<T>(work: () => T): [T, number] {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return [result, (user + system) / 1e6];
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;
const rate = (n: number, seconds: number) => `${Math.round(n / seconds).toLocaleString("en-US")}/s`;

function roundTrip(name: string, texts: readonly string[]): void {
  let kept = 0;
  for (const text of texts) {
    const graph = parseSmiles(text);
    const at = fold(key(1), text);
    if (canonical(writeSmiles(graph, { root: stream(at).below(graph.atoms.length), key: fold(at, "order") })) === text) kept++;
  }
  const [, reading] = timed(() => texts.forEach((text) => parseSmiles(text)));
  const graphs = texts.map((text) => parseSmiles(text));
  const [, writing] = timed(() => graphs.forEach((graph, i) => writeSmiles(graph, { key: key(i) })));
  console.log(`${name}: ${percent(kept, texts.length)} of ${texts.length} survive re-rooting; read ${rate(texts.length, reading)}, write ${rate(texts.length, writing)}`);
}

interface Setting {
  readonly order: number;
  readonly smoothing: Smoothing;
  readonly guarded: boolean;
}

function report(name: string, counts: NgramCounts, known: ReadonlySet<string>, { stars, order, smoothing, guarded }: Setting & { stars: number }): void {
  const [prior, fitting] = timed(() => languagePrior(counts, { grammar: name, order, smoothing, guarded, limits: { stars, components: false, room: 250 } }));
  const [texts, drawing] = timed(() => Array.from({ length: draws }, (_, i) => prior.sample(fold(key(2026), i))));
  const sound = texts.map(canonical).filter((text): text is string => text !== null && (text.match(/\*/g)?.length ?? 0) === stars);
  const unique = new Set(sound);
  const novel = [...unique].filter((text) => !known.has(text));
  const [scores, scoring] = timed(() => texts.map((text) => prior.logDensity(text)));
  const unscored = scores.filter((score) => score === Number.NEGATIVE_INFINITY).length;
  console.log(
    `${name} | order ${order} ${smoothing}${guarded ? "" : ", no guard"} | tables ${fitting.toFixed(1)} s | valid ${percent(sound.length, draws)} | unique ${percent(unique.size, sound.length)} | novel ${percent(novel.length, unique.size)} | sample ${rate(draws, drawing)} | score ${rate(draws, scoring)} | ${unscored} unscored`,
  );
  if (process.env["SHOW"]) texts.filter((text) => canonical(text) === null).slice(0, 15).forEach((text) => console.log("   ", text));
}

const SETTINGS: readonly Setting[] = [
  { order: 10, smoothing: "back-off", guarded: true },
  { order: 10, smoothing: "back-off", guarded: false },
  { order: 6, smoothing: "back-off", guarded: true },
  { order: 10, smoothing: "kneser-ney", guarded: true },
  { order: 10, smoothing: "kneser-ney", guarded: false },
];

function study(name: string, texts: readonly string[] | undefined, { stars, rerootings, sample = 1 }: { stars: number; rerootings: number; sample?: number }): void {
  if (texts === undefined) return console.log(`${name}: skipped, ../shared/data is absent`);
  const sound = texts.map((text, i) => (stars > 0 || i % sample === 0 ? canonical(text) : text)).filter((text): text is string => text !== null && (text.match(/\*/g)?.length ?? 0) === stars);
  roundTrip(name, sound.filter((_, i) => i % sample === 0).slice(0, 4000));
  const grammar = { attachments: stars, components: false, roots: stars > 0 ? "attachments" : "any" } as const;
  // RDKit's canonical text is the input of a domain; counting alone is timed.
  const [counts, seconds] = timed(() => countNgrams(sound, { grammar, maxLength: 250, rerootings }, key(1)));
  console.log(`${name}: ${sound.length} materials, ${counts.strings} strings, ${counts.sequences.length} tokens, ${counts.vocabulary.length} different, ${counts.refused.length} refused, spelt and checked in ${seconds.toFixed(1)} s`);
  for (const setting of SETTINGS) report(name, counts, new Set(sound), { ...setting, stars });
  console.log(`${name}: memory in use ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`);
}

study("ZINC", zinc()?.slice(0, zincRows), { stars: 0, rerootings: 1, sample: 60 });
study("open polymers", openPolymers(), { stars: 2, rerootings: 10, sample: 4 });
study("virtual polymers", smipoly(12), { stars: 2, rerootings: 10, sample: 4 });
