/* One candidate: its drawing beside the nearest known material, its bands, and what drives the prediction. */
import { band, bars, escapeText, nameOf, readable } from "@tatara/charts";
import { inline, named, percent, precise, unitOf } from "./format.ts";
import { wantedOf } from "./space.ts";
import type { CandidateValue, ReportCandidate, ReportProperty } from "./types.ts";

/** A property with what the cards need to know about its data. */
export interface CardProperty {
  readonly property: ReportProperty;
  /** Range of the measured values. */
  readonly range: readonly [number, number];
  /** Measured value by structure. */
  readonly measured: ReadonlyMap<string, number>;
}

export function card(c: ReportCandidate, properties: readonly CardProperty[], similarity: string): string {
  return `<article class="card"><header><h3>${c.rank}<span class="hidden">. candidate</span></h3><div class="prob"><b>${percent(c.probability)}</b> to meet the target<span class="meter" aria-hidden="true"><i style="width:${width(c.probability)}%"></i></span></div></header>
<div class="look">${drawings(c, similarity)}<div class="tags">${tags(c)}</div>${c.reason ? `<p class="fine">${escapeText(c.reason)}</p>` : ""}</div>
<div class="values">${properties.map((p, k) => value(p, c.values[k], c)).join("")}</div>
${drivers(c, properties)}</article>`;
}

const width = (share: number) => (share > 0 ? Math.round(100 * Math.min(share, 1)) : 0);

function drawings(c: ReportCandidate, similarity: string): string {
  const nearest = c.nearest === "" ? "" : `<div class="near"><div role="img" aria-label="The nearest known material: ${escapeText(c.nearest)}">${inline(c.nearestSvg)}</div><p><b>Nearest known</b><br>${escapeText(similarity)} ${Number.isFinite(c.nearestSimilarity) ? c.nearestSimilarity.toFixed(2) : "—"}</p>${text(c.nearest)}</div>`;
  return `<div class="pair"><div class="draw"><div role="img" aria-label="Candidate ${c.rank}: ${escapeText(c.structure)}">${inline(c.svg)}</div>${text(c.structure)}</div>${nearest}</div>`;
}

/** A structure as text; long ones are cut on the screen, and whole on paper and in the tooltip. */
const text = (structure: string) => `<div class="structure" title="${escapeText(structure)}">${escapeText(structure)}</div>`;

function tags(c: ReportCandidate): string {
  return [
    c.novel ? tag("novel", "good") : tag("known", ""),
    c.inDomain ? tag("in the model's domain", "") : tag("outside the model's domain", "warn"),
    ...(c.group ? [tag(c.group, "")] : []),
    ...(c.hit === undefined ? [] : [c.hit ? tag("✓ calculated in the target", "good") : tag("✗ calculated outside the target", "bad")]),
  ].join("");
}

const tag = (words: string, kind: string) => `<span class="tag${kind && ` ${kind}`}">${escapeText(words)}</span>`;

function value(p: CardProperty, v: CandidateValue | undefined, c: ReportCandidate): string {
  if (!v) return "";
  return p.property.kind === "class" ? classValue(p.property, v) : numberValue(p, v, c);
}

const classValue = (p: ReportProperty, v: CandidateValue) => (v.label === undefined ? "" : `<div class="value"><span>${named(p.name)}</span><span><b>${escapeText(v.label)}</b>${v.share === undefined ? "" : ` <small>${percent(v.share)}</small>`}</span></div>`);

function numberValue({ property: p, range, measured }: CardProperty, v: CandidateValue, c: ReportCandidate): string {
  const nearest = measured.get(c.nearest);
  const svg = band({ axis: { name: p.name, unit: p.unit, ...wantedOf(p) }, range, mean: v.mean, lower: v.lower, upper: v.upper, ...(v.calculated === undefined ? {} : { calculated: v.calculated }), ...(nearest === undefined ? {} : { nearest }) });
  const write = precise(v.upper - v.lower);
  const beside = [
    ...(nearest === undefined ? [] : [`<small>nearest known ${write(nearest)}</small>`]),
    ...(v.calculated === undefined ? [] : [`<small>calculated <b>${write(v.calculated)}</b></small>`]),
  ];
  return `<div class="value"><span>${named(p.name)}</span><span><b>${write(v.mean)}</b>${escapeText(unitOf(p.unit))} <small>${write(v.lower)} … ${write(v.upper)}</small></span>${beside.length > 0 ? `<div class="beside">${beside.join("")}</div>` : ""}<div class="bar">${inline(svg)}</div></div>`;
}

function drivers(c: ReportCandidate, properties: readonly CardProperty[]): string {
  const shown = c.drivers.filter((d) => d.items.length > 0);
  if (shown.length === 0) return "";
  const unit = (name: string) => unitOf(properties.find(({ property }) => property.name === name)?.property.unit ?? "");
  const parts = shown.map((d) => `<p class="fine"><b>${named(d.property)}</b>${escapeText(unit(d.property))}</p>${inline(bars({ about: `What drives ${nameOf(d.property)} of candidate ${c.rank}`, items: d.items, format: signed }))}`);
  return `<details><summary>What drives the prediction</summary>${parts.join("")}</details>`;
}

const signed = (v: number) => `${v > 0 ? "+" : ""}${readable(v)}`;
