/*
 * What a study will cost, before it runs: rows counted in the table, rates measured on a sample of it.
 */
import type { Context } from "@tatara/engine/base";
import { chooseDescriptors, joinFeatures } from "@tatara/engine/generate";
import { CURVE, splitFits } from "../catalogue/learnSpec.ts";
import { trainsFast } from "../executors/networks.ts";
import { processors } from "../executors/workers.ts";
import { columnIndex } from "./assemble.ts";
import { curvesLine, curvesSeconds } from "./curves/ways.ts";
import { rulesForecast } from "./rules/forecast.ts";
import { generatorRates, ratesOf } from "./rates.ts";
import { splitPlan } from "./splits.ts";
import { choosesTransfer, extractorsOf, foreignNotes, sourceKind } from "./sources.ts";
import { screenForecast } from "./screen/forecast.ts";
import { learnForecast } from "./learnForecast.ts";
import { networkWarnings } from "./networkUse.ts";
import { soundTables } from "./survey.ts";
import type { InvertStudy } from "../schema/study.ts";
import type { LoadedStudy } from "./types.ts";
import { learntOf } from "./formulas.ts";

export interface Forecast {
  readonly seconds: number;
  readonly megabytes: number;
  readonly lines: readonly string[];
}

/** What the process, the toolkit and one worker hold before any data, in MB. */
const BASE_MB = 180;
const WORKER_MB = 160;

/** Describing a material, against describing and predicting it. */
const PREDICTED = 2;
/** Temperatures that a run usually takes, and the share of moves that lead to a material not seen before. */
const TEMPERATURES = 4;
const FRESH = 0.5;

/** Moves that a run tries, and the draws that it begins with. */
const expectedMoves = ({ particles, moves, polish, evaluations, replicates }: InvertStudy["generate"]): number =>
  replicates * Math.min(evaluations / FRESH, particles * (1 + moves * (TEMPERATURES + polish)));

const expectedEvaluations = ({ particles, moves, polish, evaluations, replicates }: InvertStudy["generate"]): number =>
  replicates * Math.min(evaluations, Math.round(particles * (1 + FRESH * moves * (TEMPERATURES + polish))));

/** Seconds on one core that one property takes beside choosing, validating and fitting its learner, when a fit takes so long: its curve, its intervals and its other splits. */
function besideSeconds({ study, domain }: LoadedStudy, fit: number): number {
  const { folds, intervals } = study.learn;
  const conformal = intervals === undefined ? 0 : intervals.method === "split" ? 1 : folds;
  return fit * (CURVE.length + conformal) + splitSeconds(study, domain, fit);
}

/** Each other split costs another cross-validation; those that the study does not name are done as far as patience goes. */
function splitSeconds(study: LoadedStudy["study"], domain: LoadedStudy["domain"], fit: number): number {
  const { splits, patience } = splitPlan(study, domain);
  return splits.map((name) => fit * splitFits([name], study.learn.folds)).reduce((sum, seconds) => (sum + seconds <= patience ? sum + seconds : sum), 0);
}

/** Forecast time and memory. Reads the tables, so their problems show too, at the fields of the study that they are about. */
export async function forecast(loaded: LoadedStudy, ctx: Context): Promise<Forecast> {
  const { study, domain } = loaded;
  const { table, leftOut, corpus, columns } = await soundTables(loaded);
  const structure = columnIndex(table, study.data.structure!, "data.structure");
  const n = table.rows.length;
  const workers = study.workers ?? processors();
  const descriptors = chooseDescriptors(domain, study.represent!);
  const features = joinFeatures(descriptors);
  const d = features.length;
  const told = extractorsOf(loaded.sources, sourceKind(study)).reduce((sum, { outputs }) => sum + outputs.length, 0);
  // Packed graphs are counted by the learners that read them.
  const read = features.filter(({ kind }) => kind !== "code").length + told;
  const texts = table.rows.map((row) => row[structure]!);
  const rates = ratesOf(domain, descriptors, texts, ctx);
  const describe = (n * (rates.read + rates.describe)) / workers;
  const m = Object.keys(learntOf(study.data.properties)).length;
  const trials = learnForecast(study, { rows: n, features, cols: read, properties: m, transferred: choosesTransfer(study, loaded.sources), networks: await trainsFast() });
  // What auto tunes with the rest of its budget takes the more in each fit.
  const fit = trials.seconds / (study.learn.folds + 1);
  const learn = ((trials.seconds + besideSeconds(loaded, fit)) * m) / Math.min(workers, study.learn.folds);
  const plan = study.study === "screen" ? await screenForecast(study, domain, workers, ctx) : study.study === "rules" ? rulesForecast(study, domain, { columns, perMaterial: rates.describe, workers }) : undefined;
  const curves = study.study === "curves" ? curvesSeconds(study, loaded.sources.length > 0, read) * m / workers : 0;
  const evaluated = study.study === "invert" ? expectedEvaluations(study.generate) : 0;
  const generator = study.study === "invert" ? generatorRates(study.generate, domain, { texts: corpus?.table.rows.map((row) => row[corpus.index]!) ?? texts, n: corpus?.table.rows.length ?? n, read: rates.read }, ctx) : { fit: 0, move: 0 };
  // Every worker fits the prior by itself.
  const sample = generator.fit + (study.study === "invert" ? (expectedMoves(study.generate) * generator.move + PREDICTED * evaluated * rates.describe) / workers : 0);
  const ranked = study.study === "invert" ? study.generate.particles * study.generate.replicates : 0;
  const rank = ranked === 0 ? 0 : (n * rates.read + ranked * n * rates.compare) / workers + ranked * rates.read;
  const megabytes = BASE_MB + workers * WORKER_MB + (n * d * 8 * 3) / 1e6;
  return {
    seconds: 2 + describe + (plan?.finished ? 0 : learn) + sample + rank + (plan?.seconds ?? 0) + curves,
    megabytes,
    lines: [
      `${n} rows in ${table.path.split("/").at(-1)} (${table.encoding}, separator ${JSON.stringify(table.separator)})${table.rejected.length > 0 ? `; ${table.rejected.length} cannot be read` : ""}${leftOut > 0 ? `; ${leftOut} others left out by data.where` : ""}`,
      `${d} features from ${study.represent!.join(" + ")}; ${(rates.describe * 1000).toFixed(1)} ms a material, ${workers} workers`,
      ...(plan?.finished ? ["the model is finished: nothing is learnt"] : [`learn about ${Math.ceil(learn)} s (${trials.names.join(", ")}; ${study.learn.folds} folds)`, ...trials.lines]),
      ...(told > 0 ? [`${loaded.sources.length} ${loaded.sources.length === 1 ? "source" : "sources"} of transfer: ${told} more columns`] : []),
      ...foreignNotes(study.domain, loaded.sources),
      ...(plan?.finished ? [] : await networkWarnings(loaded)),
      ...(plan?.lines ?? []),
      ...(study.study === "curves" ? [curvesLine(study, n, curves)] : []),
      ...(study.study === "invert" ? [`sample about ${Math.ceil(sample)} s, of which ${Math.ceil(generator.fit)} s to fit the prior: ${study.generate.particles} particles, about ${evaluated} different materials (at most ${study.generate.evaluations * study.generate.replicates})`, `compare them with what is known: about ${Math.ceil(rank)} s`] : []),
    ],
  };
}
