/*
 * What a run says when it ends: a few lines for a reader, and the same as data for --json.
 */
import { expectedHits } from "@tatara/engine/design";
import type { PropertySelection, TransferReport } from "@tatara/engine/learn";
import { mixtureText } from "../report/format.ts";
import { insideOf, type Designed } from "./invert.ts";
import type { StageOne } from "./learn.ts";
import { isComparison, transferWarnings } from "./transferWords.ts";
import type { LoadedStudy, RunSummary } from "./types.ts";
import { kindOf } from "./validationFile.ts";
import type { Arm } from "./verify.ts";

export function summaryLines(loaded: LoadedStudy, one: StageOne, designed: Designed | undefined): Pick<RunSummary, "lines" | "results"> {
  const { validation, measurements } = one;
  const { refused } = measurements;
  const warnings = transferWarnings(loaded, validation);
  const data = `${measurements.texts.length} materials from ${measurements.rows} rows${refused > 0 ? `; ${refused} ${refused === 1 ? "row" : "rows"} refused, see rejected.csv` : ""}${measurements.merged > 0 ? `; ${measurements.merged} ${measurements.merged === 1 ? "duplicate" : "duplicates"} merged` : ""}${one.leftOut > 0 ? `; ${one.leftOut} other ${one.leftOut === 1 ? "row" : "rows"} left out by data.where` : ""}`;
  const models = validation.properties.flatMap((v) => [
    v.kind === "number"
      ? `${v.name}: ${v.learner}, R² ${show(v.r2)}${v.decades ? ` (${show(v.decades.r2)} of the logarithm)` : ""}, MAE ${show(v.mae)}${unitOf(v.unit)}${v.decades ? ` (a factor of ${show(10 ** v.decades.mae!)})` : ""}, coverage of the 90 % band ${percent(v.coverage)} (${loaded.study.learn.split} split)`
      : `${v.name}: ${v.learner}, accuracy ${percent(v.accuracy)} (the commonest class alone: ${percent(v.commonest)}), log loss ${show(v.logLoss)} (${loaded.study.learn.split} split)`,
    ...partLines(validation, v.name),
    ...triedLines(validation, v.name),
  ]);
  const transfers = [...(validation.transfer ?? []).filter(isComparison).flatMap(transferLines), ...warnings.map((text) => `warning: ${text}`)];
  const results = { materials: measurements.texts.length, refused, merged: measurements.merged, ...(one.leftOut > 0 ? { leftOut: one.leftOut } : {}), properties: validation.properties.map(({ points: { row }, ...v }) => ({ ...v, kind: kindOf(v.kind), validated: row.length, ...partsOf(validation, v.name) })), ...(validation.transfer ? { transfer: validation.transfer } : {}), ...(validation.seen ? { seen: validation.seen } : {}), ...(warnings.length > 0 ? { warnings } : {}) };
  if (!designed) return { lines: [data, ...models, ...transfers], results };
  const { candidates, targets, sampled, verification } = designed;
  const inside = insideOf(candidates, targets, sampled.thresholds);
  const novel = candidates.filter((c) => c.novel).length;
  const n = Math.max(1, candidates.length);
  const lines = [
    data,
    ...models,
    ...transfers,
    `${candidates.length} candidates: ${percent(inside / n)} predicted inside the target, ${percent(novel / n)} novel, ${percent(candidates.filter((c) => c.inDomain).length / n)} inside the model's domain, ${expectedHits(candidates).toFixed(1)} hits expected`,
    `${sampled.evaluations} different materials evaluated; base rate of the target in the data ${percent(designed.baseRate.inside / Math.max(1, designed.baseRate.known))} (${designed.baseRate.inside} of ${designed.baseRate.known})`,
    ...(sampled.logEvidence === null ? [] : [`log evidence ${sampled.logEvidence.toFixed(2)}: ${percent(Math.exp(sampled.logEvidence))} of all that the prior draws should be sound, keep the constraints and meet the target`]),
    ...(sampled.agreement ? [sampled.agreement.agree ? "replicate runs agree" : `replicate runs disagree: ${sampled.agreement.reasons.join("; ")}`] : []),
    ...candidates.slice(0, 5).map((c) => `  ${c.rank}. ${percent(c.probability)}  ${c.structure}`),
    ...(verification ? verification.summary.arms.map(armLine) : []),
    ...(verification ? [`  coverage of the bands on designed candidates: ${verification.summary.coverage.map((c) => `${c.property} ${c.inside}/${c.of}`).join(", ")}`, `  hits by class: ${verification.summary.classes.map((c) => `${c.name} ${c.hits}/${c.of}`).join(", ")}`] : []),
  ];
  return { lines, results: { ...results, candidates: candidates.length, inside, novel, expectedHits: expectedHits(candidates), evaluations: sampled.evaluations, baseRate: designed.baseRate, stopped: sampled.stopped, logEvidence: sampled.logEvidence, ...(verification ? { verification: verification.summary } : {}) } };
}

/** What was taken, how much it is better than nothing, and the warning if it is not. */
function transferLines({ property, scores, warning }: TransferReport): readonly string[] {
  const taken = scores.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight);
  const ways = scores.filter(({ method, rmse }) => method !== "none" && rmse !== null);
  const without = `root mean squared error ${show(scores.find(({ method }) => method === "none")?.rmse ?? null)} without transfer`;
  const best = ways.length === 0 ? "" : `, ${show(Math.min(...ways.map(({ rmse }) => rmse!)))} by the best way (${ways.reduce((x, y) => (y.rmse! < x.rmse! ? y : x)).method})`;
  return [`${property}: transfer by ${taken.map(({ method, weight }) => `${method} ${percent(weight)}`).join(", ")}; ${without}${best}`, ...(warning === "" ? [] : [`${property}: ${warning}`])];
}

const armLine = (a: Arm) => `${a.name}: ${a.hits} of ${a.calculated} in the target (${percent(a.hits / Math.max(1, a.calculated))}, 95 % ${percent(a.low)} … ${percent(a.high)}), ${a.expected.toFixed(1)} expected${a.failed > 0 ? `; ${a.failed} calculations failed` : ""}`;
const unitOf = (unit: string) => (unit === "1" ? "" : ` ${unit}`);
const show = (value: number | null) => (value === null ? "—" : String(Number(value.toPrecision(3))));
const percent = (share: number | null) => (share === null ? "—" : `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`);

const partsOf = ({ selection }: StageOne["validation"], property: string): Pick<PropertySelection, "parts"> => {
  const { parts } = selection.find((s) => s.property === property) ?? {};
  return parts ? { parts } : {};
};

/** What a stack is made of. */
const partLines = (validation: StageOne["validation"], property: string): readonly string[] => [partsOf(validation, property)].flatMap(({ parts }) => (parts ? [`  made of ${mixtureText(parts)}`] : []));

/** What auto tried for a property: one line for each learner, the score, the forecast and what was made of it. */
function triedLines({ selection }: StageOne["validation"], property: string): readonly string[] {
  const found = selection.find((s) => s.property === property);
  if (found === undefined || found.budget === null) return [];
  const cells = found.candidates.map(({ learner, nll, se, seconds, chosen, note }) => [`${chosen ? "→" : " "} ${learner}`, nll === null ? "—" : nll.toFixed(3), nll === null || se === null || se === 0 ? "" : `± ${se.toFixed(3)}`, seconds > 0 ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s` : "", note]);
  const widths = [0, 1, 2, 3].map((k) => Math.max(...cells.map((row) => row[k]!.length)));
  return [`  learners tried within ${show(found.budget)} s of one core (learn.budget), by their negative log likelihood out of fold:`, ...cells.map((row) => `  ${row.map((cell, k) => (k === 0 ? cell.padEnd(widths[0]!) : k < 4 ? cell.padStart(widths[k]!) : cell)).join("  ")}`.trimEnd())];
}
