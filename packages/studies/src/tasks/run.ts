/*
 * Running a study from its file to its report, in a directory that can be picked up again.
 */
import { join, resolve } from "node:path";
import { decode, encode, InputError, UnsupportedError, type Context } from "@tatara/engine/base";
import { openDomain } from "../catalogue/domains.ts";
import { renderHtml } from "../report/html.ts";
import { createRun, openRun, type RunDirectory } from "../runs/directory.ts";
import { readIfThere, writeAtomic } from "../runs/files.ts";
import { openRecorder, totalSeconds, type Recorder } from "../runs/recorder.ts";
import { parseStudy } from "../schema/source.ts";
import type { Study } from "../schema/study.ts";
import { studyText } from "../schema/text.ts";
import { measureCurves, type Curved } from "./curves/curves.ts";
import { curvesReport, curvesSummary } from "./curves/report.ts";
import { design, type Designed } from "./invert.ts";
import { stageOne, type StageOne } from "./learn.ts";
import { resolveStudy } from "./load.ts";
import { networkWarnings } from "./networkUse.ts";
import { CARDS, storedReport, withDrawings, type StoredReport } from "./reportData.ts";
import { summaryLines } from "./summary.ts";
import { rulesReport } from "./rules/report.ts";
import { findRules, type Ruled } from "./rules/rules.ts";
import { rulesSummary } from "./rules/summary.ts";
import { writeDiagrams } from "./screen/diagrams.ts";
import { keepModel } from "./screen/model.ts";
import { screenReport } from "./screen/report.ts";
import { screenAll, type Screened } from "./screen/screen.ts";
import { screenSummary } from "./screen/summary.ts";
import { foreignNotes, keepSources } from "./sources.ts";
import type { LoadedStudy, RunHost, RunSummary } from "./types.ts";
import { readyToVerify } from "./verify.ts";
import { version } from "./version.ts";

/** The user's table of elements, kept with the run: what it says of itself must not change under it. */
const ELEMENTS = "elements.csv";

/** Run a loaded study in a new directory. */
export async function runStudy(loaded: LoadedStudy, { out, ...host }: RunHost & { readonly out?: string | undefined }, ctx: Context): Promise<RunSummary> {
  const dir = await createRun({ out, name: loaded.name });
  host.opened?.(dir.path);
  try {
    const { study, setup } = loaded;
    if (setup.elements !== undefined) await dir.write(ELEMENTS, setup.elements);
    const model = "model" in study && study.model !== undefined ? await keepModel(study.model, dir) : undefined;
    await dir.write("study.yaml", studyText({ ...(await keepSources(study, loaded.sources, dir)), name: loaded.name, ...(model === undefined ? {} : { model }), ...(setup.elements === undefined ? {} : { data: { ...study.data, elements: ELEMENTS } }) } as Study));
    return await execute(loaded, dir, host, ctx);
  } catch (error) {
    if (isRefusal(error) && !(await hasFindings(dir))) await dir.discard();
    throw error;
  } finally {
    await dir.release();
  }
}

const isRefusal = (error: unknown): boolean => error instanceof InputError || error instanceof UnsupportedError;

/** Whether a run has left something worth keeping: a model, or rows that were refused. */
async function hasFindings(dir: RunDirectory): Promise<boolean> {
  const [model, rejected] = [await dir.read("model.json"), await dir.read("rejected.csv")];
  return model !== undefined || (rejected ?? "").trim().includes("\n");
}

/** Go on with an interrupted run; a finished one is told again, or verified when that is asked. */
export async function resumeRun(path: string, { workers, ...host }: RunHost & { readonly workers?: string }, ctx: Context): Promise<RunSummary> {
  const dir = await openRun(path);
  try {
    const source = parseStudy((await dir.read("study.yaml"))!, join(path, "study.yaml"));
    const loaded = await resolveStudy(source, workers === undefined ? [] : [`workers=${workers}`], { base: dir.path, fallbackName: "study" });
    return await execute(loaded, dir, host, ctx);
  } finally {
    await dir.release();
  }
}

async function execute(loaded: LoadedStudy, dir: RunDirectory, host: RunHost, ctx: Context): Promise<RunSummary> {
  const recorder = await openRecorder(dir, version);
  try {
    return await bothStages(loaded, dir, recorder, host, ctx);
  } catch (error) {
    await recorder.stop(ctx.signal.aborted ? "interrupted" : "failed").catch(() => {}); // what went wrong first is what counts
    throw error;
  }
}

async function bothStages(loaded: LoadedStudy, dir: RunDirectory, recorder: Recorder, host: RunHost, ctx: Context): Promise<RunSummary> {
  const { study } = loaded;
  await recorder.note({ study: study.study, name: loaded.name, seed: study.seed, toolkits: loaded.domain.versions });
  foreignNotes(study.domain, loaded.sources).forEach(host.say);
  (await networkWarnings(loaded)).forEach(host.say);
  if (host.verify) await readyToVerify(loaded, ctx);
  const one = await stageOne(loaded, dir, recorder, version, ctx);
  const designed = study.study === "invert" ? await design({ ...loaded, study }, one, dir, recorder, host, ctx) : undefined;
  const screened = study.study === "screen" ? await screenAll({ ...loaded, study }, one, dir, recorder, host, ctx) : undefined;
  const ruled = study.study === "rules" ? await findRules({ ...loaded, study }, one, dir, recorder, host, ctx) : undefined;
  const curved = study.study === "curves" ? await measureCurves({ ...loaded, study }, one, dir, recorder, ctx) : undefined;
  const report = await recorder.stage("report", ctx, () => writeReport(loaded, { one, ...(designed ? { designed } : {}), ...(screened ? { screened } : {}), ...(ruled ? { ruled } : {}), ...(curved ? { curved } : {}) }, dir, totalSeconds(recorder.record())));
  await recorder.finish({});
  const seconds = totalSeconds(recorder.record());
  const said = summaryLines(loaded, one, designed);
  return { path: dir.path, seconds, report, ...(screened ? screenSummary(said, screened) : ruled ? rulesSummary(said, ruled) : curved && study.study === "curves" ? curvesSummary(said, { ...loaded, study }, curved) : said) };
}

interface Results {
  readonly one: StageOne;
  readonly designed?: Designed;
  readonly screened?: Screened;
  readonly ruled?: Ruled;
  readonly curved?: Curved;
}

async function writeReport(loaded: LoadedStudy, { one, designed, screened, ruled, curved }: Results, dir: RunDirectory, seconds: number): Promise<string> {
  const { domain } = loaded;
  const group = (text: string) => domain.groups["class"]?.(domain.codec.parse(text)) ?? "";
  const groups = designed?.candidates.slice(0, CARDS).map((c) => group(c.structure)) ?? [];
  const rejected = one.measurements.refused;
  const stored = storedReport({ loaded, one, ...(designed ? { designed } : {}), groups, studyText: studyText(loaded.study), version, seconds, rejected, ...(screened ? { screen: await screenReport(screened) } : {}), ...(ruled ? { rules: rulesReport(ruled) } : {}), ...(curved && loaded.study.study === "curves" ? { curves: curvesReport({ study: loaded.study }, curved) } : {}) });
  if (stored.screen) await writeDiagrams(stored.screen, dir);
  await dir.write("report.json", encode(stored));
  await dir.write("report.html", renderHtml(withDrawings(stored, domain)));
  return join(dir.path, "report.html");
}

/** Write report.html of a run anew from its files. */
export async function renderReport(path: string, _ctx: Context): Promise<string> {
  const text = await readIfThere(join(resolve(path), "report.json"));
  if (text === undefined) throw new InputError(`no finished run there: ${path} — run it to the end first: tatara resume ${path}`, { path: "run", value: path });
  const stored = decode(text) as StoredReport;
  const html = join(resolve(path), "report.html");
  const elements = await readIfThere(join(resolve(path), ELEMENTS));
  await writeAtomic(html, renderHtml(withDrawings(stored, await openDomain({ domain: stored.domain, ...(elements === undefined ? {} : { elements }) }))));
  return html;
}
