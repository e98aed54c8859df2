/* The report's part on the candidates: a grid of cards, and how to read them. */
import { readable } from "@tatara/charts";
import { card, type CardProperty } from "./card.ts";
import { percent } from "./format.ts";
import { measuredOf, rangeOf } from "./space.ts";
import type { ReportData } from "./types.ts";

export function candidateSection(data: ReportData): string {
  const { design } = data;
  if (!design) return "";
  if (design.candidates.length === 0) return `<section><h2 id="candidates">Candidates</h2><p class="note">No candidate satisfies the constraints. Loosen them, widen the target, or let the sampler run longer (<code>generate.evaluations</code>).</p></section>`;
  const properties = data.properties.map((property): CardProperty => ({ property, range: rangeOf(data, property.name), measured: measured(data, property.name) }));
  return `<section><h2 id="candidates">Candidates</h2>${intro(data, design.candidates.length, design.counts.unique)}${key(data)}<div class="cards">${design.candidates.map((c) => card(c, properties, design.similarity.name)).join("\n")}</div></section>`;
}

function measured(data: ReportData, name: string): ReadonlyMap<string, number> {
  const points = measuredOf(data, name);
  return new Map((points?.labels ?? []).map((text, i) => [text, points!.observed[i]!]));
}

function intro({ design }: ReportData, shown: number, unique: number): string {
  const which = shown < unique ? `The best ${shown} of ${unique}` : unique === 1 ? "The only one" : `All ${unique}`;
  const caution = shown > 1 ? ` The best of many look better than they are: trust the hits expected of all of them (${readable(Math.round(design!.counts.expectedHits * 10) / 10)} of ${unique}) more than the first card.` : "";
  return `<p>${which}, by the calibrated probability that ${unique === 1 ? "it meets" : "all targets are met at once"}${unique === 1 ? " all targets at once" : ""}. All are in <code>candidates.csv</code>.${caution}</p>`;
}

/** What the signs of the bars mean. */
function key({ design, properties, level = 0.9 }: ReportData): string {
  if (!properties.some((p) => p.kind === "number")) return "";
  const calculated = design!.candidates.some((c) => c.values.some((v) => v.calculated !== undefined));
  const signs = [
    ["k-band", `predicted mean and ${percent(level)} band`],
    ["k-target", "target"],
    ["k-track", "range of the measured data"],
    ["k-near", "nearest known material"],
    ...(calculated ? [["k-ring", "calculated"]] : []),
  ];
  return `<ul class="key">${signs.map(([sign, words]) => `<li><span class="${sign}" aria-hidden="true"></span>${words}</li>`).join("")}</ul>${design!.candidates.some((c) => c.drivers.length > 0) ? `<p class="fine">“What drives the prediction” says how the predicted mean would change were a feature that of the median known material; features that go together share their effect.</p>` : ""}`;
}
