/* The report's part on the verification: what an independent calculation says of the candidates. */
import { escapeText, readable } from "@tatara/charts";
import { named, percent, table } from "./format.ts";
import type { ReportData, ReportVerification } from "./types.ts";

export function verificationSection({ verification, properties }: ReportData): string {
  if (!verification) return "";
  const rows = verification.arms.map((a) => [escapeText(a.name), String(a.calculated), String(a.failed), `<b>${a.hits}</b>`, a.calculated > 0 ? percent(a.hits / a.calculated) : "—", a.calculated > 0 ? `${percent(a.low)} … ${percent(a.high)}` : "—", Number.isFinite(a.expected) ? a.expected.toFixed(1) : "—"]);
  return `<section><h2 id="verification">What the calculation says</h2><p>${escapeText(verification.by)} recomputed the best novel candidates through the pipeline that made the data. ${base(verification)}${properties.filter((p) => p.target).length > 1 ? " A hit meets every target." : ""}</p>
${table("Hits of the candidates and of the baselines", ["", "calculated", "failed", "hits", "hit rate", "95 % interval", "hits expected"], rows)}
${coverage(verification)}${classes(verification)}</section>`;
}

function base({ arms: [ours], baseRate }: ReportVerification): string {
  const rate = ours && ours.calculated > 0 ? ours.hits / ours.calculated : Number.NaN;
  const times = baseRate > 0 && Number.isFinite(rate) ? `; the designed candidates hit ${readable(Number((rate / baseRate).toPrecision(2)))} times as often` : "";
  return `The base rate of the target in the data is ${percent(baseRate)}${times}.`;
}

function coverage({ coverage: list }: ReportVerification): string {
  if (list.length === 0) return "";
  return `<p>Coverage of the bands on these designed candidates, which nothing guarantees: ${list.map((c) => `${named(c.property)} ${c.inside} of ${c.of}${c.of > 0 ? ` (${percent(c.inside / c.of)})` : ""}`).join(", ")}.</p>`;
}

function classes({ classes: list }: ReportVerification): string {
  if (list.length === 0) return "";
  return `<p>Hits by class: ${list.map((c) => `${escapeText(c.name)} ${c.hits} of ${c.of}`).join(", ")}.</p>`;
}
