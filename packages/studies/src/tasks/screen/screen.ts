/*
 * `study: screen`: every system gone over with the model, ranked, its regions measured and the next materials chosen.
 * Systems are done in chunks whose results are kept in the run directory, so that a run killed at any time goes on where
 * it stood and ends the same; a system's result depends on nothing but the study, the data and the model.
 */
import { join } from "node:path";
import { InputError, type Context } from "@tatara/engine/base";
import type { Target } from "@tatara/engine/design";
import type { Output } from "@tatara/engine/learn";
import { allEnded } from "../../executors/ended.ts";
import { findPhases } from "../../catalogue/sets.ts";
import { openScreening, type ScreeningCrew } from "../../executors/screening.ts";
import { processors } from "../../executors/workers.ts";
import type { RunDirectory } from "../../runs/directory.ts";
import { makeDirectory } from "../../runs/files.ts";
import type { Recorder } from "../../runs/recorder.ts";
import type { ScreenStudy } from "../../schema/study.ts";
import type { StageOne } from "../learn.ts";
import { refuseFar } from "../targets.ts";
import type { LoadedStudy, RunHost } from "../types.ts";
import { nextAlloys, type Alloy } from "./alloys.ts";
import { explore, type Explored } from "./explore.ts";
import { jumpWarning } from "./jumps.ts";
import { labelling, type Labelling } from "./labels.ts";
import { literaturePhases, type LiteraturePhase } from "./literature.ts";
import { phasesOf, type Phases } from "./phases.ts";
import { screenPlan, type ScreenPlan } from "./plan.ts";
import { summarise, type SystemSummary } from "./summarise.ts";
import type { Lattice, System } from "./systems.ts";
import { alloysText, regionsText, systemsText } from "./tables.ts";
import { screenTargets } from "./targets.ts";

export interface Screened {
  /** Best first. */
  readonly systems: readonly SystemSummary[];
  readonly alloys: readonly Alloy[];
  readonly lattice: Lattice;
  readonly labels: Labelling;
  readonly targets: readonly Target[];
  readonly outputs: readonly Output[];
  readonly phases: Phases;
  readonly literature: readonly LiteraturePhase[];
  /** Materials predicted. */
  readonly asked: number;
  readonly warnings: readonly string[];
  /** Systems left out by constraints. */
  readonly forbidden: number;
  /** The systems by name. */
  readonly plan: ReadonlyMap<string, System>;
  /** Points of one system, for drawing. */
  points(name: string): Promise<Explored>;
}

/** Results of consecutive systems, as they are kept; points and values of all of them one after another. */
interface Chunk {
  readonly systems: readonly SystemSummary[];
  readonly width: number;
  readonly points: Int32Array;
  readonly probability: Float32Array;
  readonly values: Float32Array;
}

/** Points of the grid asked before a chunk is kept; a second's work or a few. */
const CHUNK_POINTS = 20_000;
/** Systems in hand at once for each worker: enough to hide the turns between grids. */
const IN_HAND = 3;

export async function screenAll(loaded: LoadedStudy & { readonly study: ScreenStudy }, one: StageOne, dir: RunDirectory, recorder: Recorder, host: RunHost, ctx: Context): Promise<Screened> {
  const { study, domain, setup } = loaded;
  const targets = screenTargets(study.target, one.model.outputs);
  const plan = screenPlan(study, domain);
  const jumps = jumpWarning(plan.systems[0]!, domain, study.represent!);
  const warnings = [...(jumps === undefined ? [] : [jumps]), ...refuseFar(targets.filter(({ property }) => one.measurements.targets.columns.some((c) => c.name === property)), one.measurements.targets.columns)];
  warnings.forEach(host.say);
  const phases = phasesOf(domain, one.measurements, targets);
  const table = findPhases(study.screen.phases, domain.id, "");
  const literature = table === undefined ? [] : await literaturePhases(table, domain);
  const labels = labelling(targets, one.model.outputs);
  const crew = openScreening({ ...setup, descriptors: study.represent!, record: one.model.toRecord(), targets, constraints: study.constraints }, study.workers ?? processors());
  try {
    const work: Work = { study, plan, labels, phases, crew, dir };
    const kept = await recorder.stage("screen", ctx, (c) => allSystems(work, host, c));
    const order = kept.map(({ summary }) => summary).sort((a, b) => b.score - a.score || (b.trials[0]?.probability ?? 0) - (a.trials[0]?.probability ?? 0) || (a.name < b.name ? -1 : 1));
    const alloys = nextAlloys(order, { most: study.screen.alloys, kinds: labels.kinds, outputs: one.model.outputs, mixing: domain.mixing! });
    const asked = order.reduce((sum, s) => sum + s.asked, 0);
    await dir.write("systems.csv", systemsText(order));
    await dir.write("regions.csv", regionsText(order));
    await dir.write("alloys.csv", alloysText(alloys, one.model.outputs));
    await dir.write("screen.json", `${JSON.stringify({ target: study.target, systems: order.length, points: asked, grid: { percent: plan.lattice.step, coarse: plan.lattice.step * plan.lattice.ratio }, kinds: labels.kinds.map((k) => k.name), ranked: order, alloys }, null, 1)}\n`);
    await recorder.note({ screen: { systems: order.length, points: asked, regions: order.reduce((sum, s) => sum + s.regions.length, 0) } });
    const chunkOf = new Map(kept.map(({ summary, chunk }) => [summary.name, chunk]));
    return { systems: order, alloys, lattice: plan.lattice, labels, targets, outputs: one.model.outputs, phases, literature, asked, warnings, forbidden: plan.forbidden, plan: new Map(plan.systems.map((s) => [s.name, s])), points: async (name) => pointsOf(await loadChunk(dir, chunkOf.get(name)!), name) };
  } finally {
    await crew.close();
  }
}

interface Work {
  readonly study: ScreenStudy;
  readonly plan: ScreenPlan;
  readonly labels: Labelling;
  readonly phases: Phases;
  readonly crew: ScreeningCrew;
  readonly dir: RunDirectory;
}

interface Kept {
  readonly summary: SystemSummary;
  /** Number of the chunk that holds its points. */
  readonly chunk: number;
}

const chunkFile = (chunk: number): string => `points/${String(chunk).padStart(5, "0")}.json`;

async function loadChunk(dir: RunDirectory, chunk: number): Promise<Chunk> {
  const found = (await dir.load(chunkFile(chunk))) as Chunk | undefined;
  if (found === undefined) throw new InputError(`missing file: ${join(dir.path, chunkFile(chunk))} — it holds the points of some systems; begin a new run`, { value: chunkFile(chunk) });
  return found;
}

/** The part of a chunk that one system has. */
function pointsOf({ systems, points, probability, values, width }: Chunk, name: string): Explored {
  let from = 0;
  for (const system of systems) {
    const to = from + system.asked;
    if (system.name === name) return { points: points.slice(from, to), probability: probability.slice(from, to), values: values.slice(from * width, to * width), width };
    from = to;
  }
  throw new InputError(`no such system: ${name} — the points of ${systems.map((s) => s.name).join(", ")} are here`, { value: name });
}

async function allSystems(work: Work, host: RunHost, ctx: Context): Promise<readonly Kept[]> {
  const { plan, dir } = work;
  await makeDirectory(join(dir.path, "points"));
  const size = Math.max(1, Math.floor(CHUNK_POINTS / plan.coarse));
  const kept: Kept[] = [];
  let asked = 0;
  if (plan.systems.length > SAMPLED) host.say(await sampledForecast(work, ctx));
  for (let chunk = 0; chunk * size < plan.systems.length; chunk++) {
    const systems = plan.systems.slice(chunk * size, (chunk + 1) * size);
    const there = (await dir.load(chunkFile(chunk))) as Chunk | undefined;
    const done = there ?? (await oneChunk(systems, work, (n, points) => ctx.report({ stage: "screen", done: chunk * size + n, total: plan.systems.length, note: `${asked + points} points` }), ctx));
    if (there === undefined) await dir.save(chunkFile(chunk), done);
    asked += done.points.length;
    kept.push(...done.systems.map((summary) => ({ summary, chunk })));
    ctx.report({ stage: "screen", done: kept.length, total: plan.systems.length, note: `${asked} points` });
  }
  return kept;
}

async function oneSystem(system: System, { study, plan, labels, phases, crew }: Work, ctx: Context): Promise<{ readonly summary: SystemSummary; readonly seen: Explored }> {
  const seen = await explore(system, { lattice: plan.lattice, labels, refine: study.screen.refine, crew }, ctx);
  return { summary: await summarise(system, seen, { lattice: plan.lattice, labels, phases, crew }, ctx), seen };
}

async function oneChunk(systems: readonly System[], work: Work, tell: (done: number, points: number) => void, ctx: Context): Promise<Chunk> {
  const results: Awaited<ReturnType<typeof oneSystem>>[] = [];
  let next = 0;
  let done = 0;
  let points = 0;
  const lane = async () => {
    while (next < systems.length) {
      const i = next++;
      results[i] = await oneSystem(systems[i]!, work, ctx).catch((error: unknown) => {
        next = systems.length; // The other lanes end with what they have in hand.
        throw error;
      });
      points += results[i]!.seen.points.length;
      tell(++done, points);
    }
  };
  await allEnded(Array.from({ length: Math.min(systems.length, IN_HAND * work.crew.workers) }, lane));
  const width = results[0]!.seen.width;
  return {
    systems: results.map(({ summary }) => summary),
    width,
    points: laid(results.map(({ seen }) => seen.points), (n) => new Int32Array(n)),
    probability: laid(results.map(({ seen }) => seen.probability), (n) => new Float32Array(n)),
    values: laid(results.map(({ seen }) => seen.values), (n) => new Float32Array(n)),
  };
}

/** Arrays one after another. */
function laid<A extends Int32Array | Float32Array>(parts: readonly A[], make: (n: number) => A): A {
  const out = make(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Systems that are tried before a long screening, to say how long it will be. */
const SAMPLED = 24;

/** Some systems from all over the list, timed; what they cost is thrown away with them. */
async function sampledForecast(work: Work, ctx: Context): Promise<string> {
  const { systems, coarse } = work.plan;
  const n = Math.min(SAMPLED, Math.max(2 * work.crew.workers, Math.round(systems.length / 50)));
  await oneSystem(systems[0]!, work, ctx); // the workers read the model first
  const started = ctx.now();
  const { points } = await oneChunk(Array.from({ length: n }, (_, k) => systems[Math.floor(((k + 0.5) / n) * systems.length)]!), work, () => {}, ctx);
  const seconds = (((ctx.now() - started) / 1000) * systems.length) / n;
  return `${systems.length} systems, ${coarse} points on the coarse grid of each and about ${Math.round(points.length / n)} after refinement: about ${Math.ceil(seconds)} s`;
}
