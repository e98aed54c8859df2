/* The report's part on the search: where it went, how it cooled, whether it is diverse, and what the verification found. */
import { escapeText, histogram, propertySpace, readable, steps, theme } from "@tatara/charts";
import { percent } from "./format.ts";
import type { ReportData } from "./types.ts";
import { figure } from "./validation.ts";

export function designSection(data: ReportData): string {
  const { design } = data;
  if (!design) return "";
  const last = design.steps.at(-1);
  const words = [
    design.mode === "exact"
      ? `Sampled by tempered sequential Monte Carlo with Metropolis-corrected moves: the particles follow p(structure) × P(target | structure).${design.logEvidence === null ? "" : ` Log evidence ${readable(design.logEvidence)}: the share of plausible materials that should meet the target.`}`
      : "Sampled by tempered sequential Monte Carlo in the mode named heuristic: it uses moves whose proposal ratio is not known, so it is a search guided by the same likelihood, and no evidence is estimated.",
    `${design.particles} particles, ${design.steps.length} steps, ${last?.evaluations ?? 0} different materials evaluated; stopped: ${design.stopped}.`,
    ...(design.agreement ? [design.agreement] : []),
  ];
  return `<section><h2>How they were found</h2><p>${escapeText(words.join(" "))}</p><div class="figures">${space(data)}${traces(data)}</div></section>`;
}

function space({ design, properties, validation }: ReportData): string {
  const wanted = properties.map((p, k) => ({ p, k })).filter(({ p }) => p.kind === "number" && p.target !== undefined);
  const numeric = [...wanted, ...properties.map((p, k) => ({ p, k })).filter(({ p }) => p.kind === "number" && p.target === undefined)];
  const [a, b] = numeric;
  if (!a) return "";
  const axis = ({ p }: { p: (typeof properties)[number] }) => ({ name: p.name, unit: p.unit, low: p.target?.low ?? Number.NEGATIVE_INFINITY, high: p.target?.high ?? Number.POSITIVE_INFINITY });
  const observed = ({ p }: { p: (typeof properties)[number] }) => {
    const v = validation.find((x) => x.name === p.name);
    return v?.kind === "number" ? v.points : undefined;
  };
  if (!b) {
    const series = [
      { name: "measured", values: observed(a)?.observed ?? [], colour: theme.outside },
      { name: "candidates", values: design!.cloud.map((c) => c.means[a.k]!), colour: theme.data },
    ];
    return figure(histogram({ about: `Distribution of ${a.p.name}`, title: a.p.name.replaceAll("_", " "), series }), "The data and the candidates");
  }
  const other = new Map((observed(b)?.labels ?? []).map((label, i) => [label, observed(b)!.observed[i]!]));
  const points = observed(a);
  const data = (points?.labels ?? []).flatMap((label, i): [number, number][] => (other.has(label) ? [[points!.observed[i]!, other.get(label)!]] : []));
  const candidates = design!.cloud.map((c) => ({ x: c.means[a.k]!, y: c.means[b.k]!, title: `${c.structure}\n${percent(c.probability)} to meet the target` }));
  const path = design!.steps.map((s): [number, number] => [s.medians[a.k]!, s.medians[b.k]!]).filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  return figure(propertySpace({ x: axis(a), y: axis(b), data, candidates, path }), "Property space: what was measured, what is wanted, where the population went, what came out", true);
}

function traces({ design }: ReportData): string {
  const { steps: s, particles, similarities } = design!;
  const one = (name: string, values: readonly number[], colour: string = theme.data) => ({ name, values, colour });
  return [
    figure(steps({ about: "Inverse temperature of each step", title: "inverse temperature β", series: [one("β", s.map((x) => x.beta))], domain: [0, 1] }), "Temperature: from the prior (0) to the posterior (1)"),
    figure(steps({ about: "Effective sample size and distinct materials", title: "share of the particles", series: [one("effective sample size", s.map((x) => x.ess / particles)), one("distinct materials", s.map((x) => x.unique), theme.good)], domain: [0, 1] }), "Effective sample size and diversity of the population"),
    figure(steps({ about: "Acceptance and unsound proposals", title: "share of the moves", series: [one("accepted", s.map((x) => x.acceptance)), one("unsound", s.map((x) => x.invalid), theme.wanted)], domain: [0, 1] }), "Moves: accepted, and refused as unsound or against a constraint"),
    ...(similarities.length > 0 ? [figure(histogram({ about: "Similarity of the candidates to the nearest known material", title: "Tanimoto similarity to the nearest known material", series: [one("candidates", similarities)] }), "How far the candidates are from what is known")] : []),
  ].join("");
}

export function verificationSection({ verification, properties }: ReportData): string {
  if (!verification) return "";
  const rows = verification.arms.map((a) => `<tr><td>${escapeText(a.name)}</td><td>${a.calculated}</td><td>${a.failed}</td><td><b>${a.hits}</b></td><td>${percent(a.hits / Math.max(1, a.calculated))}</td><td>${percent(a.low)} … ${percent(a.high)}</td><td>${Number.isFinite(a.expected) ? readable(a.expected) : "—"}</td></tr>`);
  const ours = verification.arms[0];
  const fold = ours && verification.baseRate > 0 ? ours.hits / Math.max(1, ours.calculated) / verification.baseRate : Number.NaN;
  return `<section><h2>What the calculation says</h2><p>${escapeText(verification.by)} recomputed the best novel candidates through the pipeline that made the data. The base rate of the target in the data is ${percent(verification.baseRate)}${Number.isFinite(fold) ? `; the designed candidates hit ${readable(fold)} times as often` : ""}.</p>
<div class="scroll"><table><thead><tr><th></th><th>calculated</th><th>failed</th><th>hits</th><th>rate</th><th>95 % interval</th><th>expected hits</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>
<p>Coverage of the 90 % bands on these designed candidates: ${verification.coverage.map((c) => `${escapeText(c.property.replaceAll("_", " "))} ${c.inside} of ${c.of}`).join(", ") || "—"}. Hits by class: ${verification.classes.map((c) => `${escapeText(c.name)} ${c.hits} of ${c.of}`).join(", ") || "—"}.${properties.length > 1 ? " A hit meets every target." : ""}</p></section>`;
}
