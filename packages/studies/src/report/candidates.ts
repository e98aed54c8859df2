/* The report's part on the candidates: a grid of drawn structures, each with a card that says how sure it is and why. */
import { band, bars, escapeText, readable } from "@tatara/charts";
import { percent } from "./format.ts";
import type { ReportCandidate, ReportData, ReportProperty } from "./types.ts";

export function candidateSection(data: ReportData): string {
  const { design, properties } = data;
  if (!design) return "";
  if (design.candidates.length === 0) return `<section><h2>Candidates</h2><p class="note">No candidate satisfies the constraints. Loosen them, widen the target, or let the sampler run longer (generate.evaluations).</p></section>`;
  const ranges = properties.map((_, k) => rangeOf(data, k));
  const cards = design.candidates.map((candidate) => card(candidate, properties, ranges));
  return `<section><h2>Candidates</h2><p>The best ${design.candidates.length} of ${design.counts.unique}, by the calibrated probability that all targets are met at once. Blue: predicted mean with its 90 % band; red: the target. All of them are in <code>candidates.csv</code>. The best of many look better than they are: trust the expected hits, not the first card.</p><div class="cards">${cards.join("")}</div></section>`;
}

/** Where the data of a property lie: the track of its bars. */
function rangeOf({ validation, properties }: ReportData, k: number): readonly [number, number] {
  const found = validation.find((v) => v.name === properties[k]!.name);
  if (found?.kind !== "number") return [0, 1];
  const values = found.points.observed;
  return [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
}

function card(c: ReportCandidate, properties: readonly ReportProperty[], ranges: readonly (readonly [number, number])[]): string {
  const tags = [
    c.novel ? tag("novel", "good") : tag("known", ""),
    c.inDomain ? tag("inside the domain of the model", "") : tag("outside the domain of the model", "warn"),
    ...(c.group ? [tag(c.group, "")] : []),
    ...(c.hit === undefined ? [] : [c.hit ? tag("calculated: in the target", "good") : tag("calculated: not in the target", "bad")]),
  ];
  const numeric = properties.map((p, k) => [p, k] as const).filter(([p]) => p.kind === "number");
  return `<article class="card"><header><span class="rank">${c.rank}</span><span class="prob"><b>${percent(c.probability)}</b> <small>to meet the target</small></span></header>
<div class="draw">${c.svg}</div><div class="smiles">${escapeText(c.structure)}</div><div class="tags">${tags.join("")}</div>
${numeric.map(([p, k]) => value(p, c, k, ranges[k]!)).join("")}
${c.reason ? `<p class="smiles">${escapeText(c.reason)}</p>` : ""}
${c.drivers.length > 0 ? `<details><summary>What drives the prediction</summary>${c.drivers.map((d) => `<p class="smiles">${escapeText(d.property.replaceAll("_", " "))}: change of the prediction against the median material</p>${bars({ about: `What drives ${d.property}`, items: d.items })}`).join("")}</details>` : ""}
<div class="near"><div>${c.nearestSvg}</div><div>nearest known material, Tanimoto ${readable(c.nearestSimilarity)}<div class="smiles">${escapeText(c.nearest)}</div></div></div></article>`;
}

const tag = (text: string, kind: string) => `<span class="tag ${kind}">${escapeText(text)}</span>`;

function value(p: ReportProperty, c: ReportCandidate, k: number, range: readonly [number, number]): string {
  const v = c.values[k]!;
  const unit = p.unit === "1" ? "" : ` ${p.unit}`;
  const axis = { name: p.name, unit: p.unit, low: p.target?.low ?? Number.NEGATIVE_INFINITY, high: p.target?.high ?? Number.POSITIVE_INFINITY };
  const target = p.target ? band({ axis, range, ...v }) : band({ axis: { ...axis, low: Number.NaN, high: Number.NaN }, range, ...v });
  return `<div class="value"><span>${escapeText(p.name.replaceAll("_", " "))}</span><span><b>${readable(v.mean)}</b> <small>${readable(v.lower)} … ${readable(v.upper)}${escapeText(unit)}${v.calculated === undefined ? "" : `; calculated ${readable(v.calculated)}`}</small></span><div class="bar">${target}</div></div>`;
}
