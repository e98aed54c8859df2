/*
 * Ternaries Al-TM-X gone over for quasicrystals: how long 1,079 systems take, the ranked list, and whether known systems
 * are found again when they are left out. Chemical systems are dealt into ten folds; for each fold a model is learnt from
 * the rows of the others, all systems are ranked with it, and the places of the fold's quasicrystal systems are read off.
 * Systems with a hit in the training rows take the top of such a list; among those without one the places are told too,
 * because that is the list that somebody in search of a new system would read.
 * Run: node packages/studies/bench/quasicrystalScreen.bench.ts [--first-only] [--target "QC | AC"]
 */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { key } from "@tatara/engine/base";
import { groupFolds } from "@tatara/engine/data";
import type { RunSummary } from "@tatara/studies/tasks";
import { hypermaterialRows, hypermaterials, runPlain, type LabelledFormula } from "./common.ts";

const METALS = "Sc Ti V Cr Mn Fe Co Ni Cu Zn Y Zr Nb Mo Ru Rh Pd Ag Hf Ta W Re Os Ir Pt Au".split(" ");
const OTHERS = "Li Be Mg Ca Sr Ba B Si Ge Ga In Sn Sb Bi La Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Na".split(" ");
/** What systems are ranked by; found again are always those with a quasicrystal. */
const TARGET = process.argv.includes("--target") ? process.argv[process.argv.indexOf("--target") + 1]! : "QC";
const FOLDS = 10;
const SHARES = [0.01, 0.05, 0.1];

interface Ranked {
  readonly name: string;
  readonly score: number;
  readonly trials: readonly { readonly probability: number; readonly formula: string }[];
  readonly knownHits: number;
}

const folder = mkdtempSync(join(tmpdir(), "tatara-qc-"));
const rows = hypermaterialRows();

async function screen(name: string, train: readonly LabelledFormula[]): Promise<{ readonly ranked: readonly Ranked[]; readonly summary: RunSummary; readonly stages: Readonly<Record<string, number>> }> {
  const summary = await runPlain({
    study: "screen",
    name,
    domain: "composition",
    data: { table: hypermaterials(folder, train), group: "system", properties: { phase: { column: "label", kind: "class" } } },
    learn: { model: "forest", split: "group", folds: 5 },
    target: { phase: TARGET },
    screen: { systems: { each: [["Al"], METALS, [...METALS, ...OTHERS]] } },
  }, { silent: name !== "all" });
  const { ranked } = JSON.parse(readFileSync(join(summary.path, "screen.json"), "utf8")) as { readonly ranked: readonly Ranked[] };
  const { stages } = JSON.parse(readFileSync(join(summary.path, "run.json"), "utf8")) as { readonly stages: readonly { readonly name: string; readonly seconds: number }[] };
  return { ranked, summary, stages: Object.fromEntries(stages.map((s) => [s.name, s.seconds])) };
}

const sorted = (name: string): string => name.split("-").toSorted().join("-");

const all = await screen("all", rows);
const of = all.ranked.length;
const points = (all.summary.results["screen"] as { readonly points: number }).points;
console.log(`${of} systems, ${points} points: screened in ${all.stages["screen"]} s, learnt in ${all.stages["learn"]} s, ${all.summary.seconds.toFixed(0)} s in all`);
console.log("without a known quasicrystal, the best thirty:");
all.ranked.filter((s) => s.knownHits === 0).slice(0, 30).forEach((s, i) => console.log(`  ${i + 1}. ${s.name.padEnd(10)} ${s.score.toFixed(2)} hits expected, best ${s.trials[0]!.formula} ${(100 * s.trials[0]!.probability).toFixed(0)} %`));
if (process.argv.includes("--first-only")) process.exit(0);

const offered = new Set(all.ranked.map((s) => sorted(s.name)));
const wanted = [...new Set(rows.filter((r) => r.label === "QC").map((r) => r.system))].filter((s) => offered.has(s));
const systems = rows.map((r) => r.system);
const folds = groupFolds(key(1), systems, { folds: FOLDS });
const places: { readonly system: string; readonly rank: number; readonly best: number; readonly fresh: number; readonly among: number }[] = [];
for (const [f, test] of folds.test.entries()) {
  const out = new Set(Array.from(test, (i) => systems[i]!));
  const held = wanted.filter((s) => out.has(s));
  if (held.length === 0) continue;
  const { ranked } = await screen(`fold-${f + 1}`, rows.filter((r) => !out.has(r.system)));
  const byBest = ranked.toSorted((a, b) => (b.trials[0]?.probability ?? 0) - (a.trials[0]?.probability ?? 0));
  const fresh = ranked.filter((s) => s.knownHits === 0);
  const placeIn = (list: readonly Ranked[], system: string) => list.findIndex((s) => sorted(s.name) === system) + 1;
  for (const system of held) {
    const place = { system, rank: placeIn(ranked, system), best: placeIn(byBest, system), fresh: placeIn(fresh, system), among: fresh.length };
    places.push(place);
    console.log(`fold ${f + 1}: ${system.padEnd(10)} ${place.rank} of ${of}${place.fresh > 0 ? `; ${place.fresh} of the ${place.among} without a known hit` : "; its parts alone have a known hit"}; ${place.best} by the best single probability`);
  }
}
const within = (share: number, rank: (p: (typeof places)[number]) => number, n: (p: (typeof places)[number]) => number) => places.filter((p) => rank(p) > 0 && rank(p) <= share * n(p)).length;
const count = places.length;
const told = (name: string, rank: (p: (typeof places)[number]) => number, n: (p: (typeof places)[number]) => number) =>
  console.log(`${name}: ${SHARES.map((share) => `${within(share, rank, n)} of ${count} (${((100 * within(share, rank, n)) / count).toFixed(0)} %) in the top ${100 * share} %`).join(", ")}`);
told("left-out quasicrystal systems, all systems ranked by score", (p) => p.rank, () => of);
told("the same among systems without a known hit", (p) => p.fresh, (p) => p.among);
told("all systems ranked by the best single probability", (p) => p.best, () => of);
