/* Conformal intervals and sets: their promise, and what they held of rows that they had not seen. */
import { escapeText, nameOf } from "@tatara/charts";
import { digits, percent, table } from "./format.ts";
import type { ReportConformal } from "./types.ts";

/** Most groups that are listed. */
const MOST = 20;

export function conformal(name: string, found: ReportConformal | undefined, size: string): string {
  if (found === undefined) return "";
  const shown = found.checks.slice(0, MOST + 1);
  const rows = shown.map((c) => [escapeText(c.group === "" ? "all rows" : c.group), String(c.rows), percent(c.coverage), c.size === null ? "—" : digits(c.size), c.infinite > 0 ? percent(c.infinite) : "none"]);
  const more = found.checks.length - shown.length;
  const list = table(`Conformal intervals of ${nameOf(name)}`, [shown.length > 1 ? "group" : "", "rows", `in the ${percent(found.level)} ${size === "classes" ? "set" : "interval"}`, size === "classes" ? "mean number of classes" : size, size === "classes" ? "of all classes, for want of scores" : "without a finite one"], rows, shown.length > 1 ? 0 : -1);
  return `<h4>Conformal ${size === "classes" ? "sets of classes" : "intervals"} of ${escapeText(nameOf(name))}</h4><p>${escapeText(found.promise)} The figures are of rows whose own fold gave no score.</p>${list}${more > 0 ? `<p class="fine">${more} smaller groups are in validation.json.</p>` : ""}`;
}
