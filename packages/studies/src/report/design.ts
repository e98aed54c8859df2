/* The report's part on the search: where it went, how it cooled, whether it is diverse, which moves worked. */
import { escapeText, histogram, nameOf, readable, steps, theme } from "@tatara/charts";
import { count, figure, named, percent, table, unitOf } from "./format.ts";
import { spaceFigures } from "./space.ts";
import type { ReportData, ReportDesign, ReportProperty } from "./types.ts";

export function designSection(data: ReportData): string {
  const { design } = data;
  if (!design) return "";
  return `<section><h2 id="search">How they were found</h2><p>${escapeText(story(design))}</p>${rising(design, data.properties)}<div class="figures">${spaceFigures(data, design)}${traces(design)}${thresholds(design, data.properties)}${novelty(design)}</div>${moves(design)}</section>`;
}

function story(design: ReportDesign): string {
  const evaluations = design.evaluations ?? design.steps.at(-1)?.evaluations ?? 0;
  return [
    design.mode === "exact"
      ? `Sampled by tempered sequential Monte Carlo with Metropolis-corrected moves: the particles follow p(material) × P(target | material).${design.logEvidence === null ? "" : ` Log evidence ${readable(design.logEvidence)}: of all that the prior draws, a share of ${percent(Math.exp(design.logEvidence))} should be sound, keep the constraints and meet the target.`}`
      : "Sampled by tempered sequential Monte Carlo in the mode named heuristic: a search guided by the same likelihood, which allows moves whose proposal ratio is not known and a power on the likelihood; its candidates are no exact sample, and no evidence is estimated.",
    ...(design.power > 1 ? [`The likelihood is raised to the power ${readable(design.power)}, so that the last population keeps to materials that are nearly sure to meet the target.`] : []),
    `${count(design.particles, "particle")}, ${count(design.steps.length, "step")}, ${count(evaluations, "different material")} evaluated. Stopped: ${design.stopped}.`,
    ...(design.agreement ? [design.agreement] : []),
  ].join(" ");
}

/** A threshold that rises must be told: the probabilities are those of passing its last place. */
function rising({ power }: ReportDesign, properties: readonly ReportProperty[]): string {
  const told = properties.filter((p) => p.target?.threshold !== undefined).map((p) => `<strong>${named(p.name)}</strong> (${escapeText(p.target!.text)}): ${readable(p.target!.threshold!)}${escapeText(unitOf(p.unit))}`);
  return told.length === 0 ? "" : `<p>To maximise or minimise, a threshold is raised with the temperature while the population improves. It came to stand at — ${told.join("; ")}. “In the target” and every probability in this report refer to that last threshold${power > 1 ? "; the power does not apply to it" : ""}.</p>`;
}

const SHARE: readonly [number, number] = [0, 1];

function traces({ steps: s, particles, power }: ReportDesign): string {
  if (s.length === 0) return "";
  return [
    figure(steps({ about: "Inverse temperature after each step", title: "inverse temperature β", series: [{ name: "β", values: s.map((x) => x.beta) }], domain: [0, Math.max(1, power)] }), power > 1 ? `Temperature: from the prior (0) past the posterior (1) to the power ${readable(power)}.` : "Temperature: from the prior (0) to the posterior (1)."),
    figure(steps({ about: "Effective sample size and distinct materials after each step", title: "share of the particles", series: [{ name: "effective sample size", values: s.map((x) => x.ess / Math.max(1, particles)) }, { name: "distinct materials", values: s.map((x) => x.unique), colour: theme.good }], domain: SHARE }), "Effective sample size and diversity of the population. Both near zero would mean that a few materials have taken over."),
    figure(steps({ about: "Accepted and unsound moves at each step", title: "share of the moves", series: [{ name: "accepted", values: s.map((x) => x.acceptance) }, { name: "unsound or forbidden", values: s.map((x) => x.invalid), colour: theme.wanted }], domain: SHARE }), "Moves: accepted, and refused as no sound material or against a constraint."),
  ].join("");
}

function thresholds({ steps: s }: ReportDesign, properties: readonly ReportProperty[]): string {
  const risen = properties.filter((p) => p.target?.threshold !== undefined && s.some((x) => x.thresholds !== undefined && Object.hasOwn(x.thresholds, p.name)));
  return risen.map((p) => figure(steps({ about: `Threshold of ${nameOf(p.name)} at each step`, title: `threshold${p.unit === "1" ? "" : ` / ${p.unit}`}`, series: [{ name: "threshold", values: s.map((x) => x.thresholds?.[p.name] ?? Number.NaN) }] }), `The threshold of ${nameOf(p.name)}, raised while the population improves.`)).join("");
}

const novelty = ({ similarities, similarity }: ReportDesign) =>
  similarities.length === 0 ? "" : figure(histogram({ about: "Similarity of the candidates to the nearest known material", title: `${similarity.name} to the nearest known`, series: [{ name: "candidates", values: similarities, colour: theme.data }], domain: SHARE }), `How far the candidates are from what is known: ${escapeText(similarity.about)}.`);

/** What became of the moves of each kind, and why moves were refused. */
function moves({ proposals = [], reasons = [] }: ReportDesign): string {
  if (proposals.length === 0) return "";
  const share = (n: number, of: number) => (of > 0 ? percent(n / of) : "—");
  const rows = proposals.map((p) => [escapeText(nameOf(p.id)), String(p.proposed), share(p.accepted, p.proposed), share(p.unchanged, p.proposed), share(p.refused, p.proposed)]);
  const total = reasons.reduce((sum, { count: n }) => sum + n, 0);
  const why = total === 0 ? "" : `<p>Why moves were refused, commonest first: ${reasons.map(({ reason, count: n }) => `${escapeText(reason)} (${n})`).join("; ")}.</p>`;
  return `<details><summary>Which moves worked</summary>${table("Moves by kind", ["move", "proposed", "accepted", "unchanged", "refused"], rows)}${why}</details>`;
}
