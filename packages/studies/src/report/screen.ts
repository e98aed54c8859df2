/* The report's part on a screening: which systems, on a map, and what to cast next. */
import { escapeText, smallMultiples, ternary, theme, type PhaseKind, type TernaryOptions } from "@tatara/charts";
import { count, figure, percent, table } from "./format.ts";
import { groundsOf, kindsOf } from "./triangles.ts";
import type { ReportAlloy, ReportData, ReportScreen, ReportSystem, ReportTriangle } from "./types.ts";

export function screenSection({ screen }: ReportData): string {
  return screen ? `${alloys(screen)}\n${systems(screen)}` : "";
}

/** Links to the parts of a screening. */
export const screenLinks: readonly (readonly [id: string, words: string])[] = [["alloys", "What to cast next"], ["systems", "Where to look"]];

function systems(screen: ReportScreen): string {
  const { count: n, systems: listed, trials, apart, triangles } = screen;
  const list = table("Ranked systems", ["system", "hits expected", "best alloy", "probability", "region", "around", "in domain", "known hits", "nearest known"], listed.map(line));
  return `<section><h2 id="systems">Where to look</h2>
<p>${listed.length < n ? `The best ${listed.length} of ${count(n, "system")}` : count(n, "system")}, by the number of hits to expect among ${trials} trials in each: its ${trials} best alloys that lie at least ${apart} at.% apart and hold something of every element; what is known already counts too. The probabilities are those whose calibration was judged, and where it helped corrected, on held-out rows; outside the model's domain they count as many times less as errors were seen to grow there. All are in <code>systems.csv</code>, their regions in <code>regions.csv</code>.</p>
${triangles.length > 0 ? figure(smallMultiples({ about: `Ternary diagrams of the ${triangles.length} best systems: where ${screen.wanted} is likely, with known phases and proposed alloys`, systems: triangles.map((t) => panel(t, screen)), width: 1090 }), `The best ${count(triangles.length, "system")}${screen.slice === "" ? "" : `, slices at ${screen.slice}`}. Contours at 50 and 90 %; small round dots are proposed alloys; the number beside a name is the hits expected. Grid ${screen.coarse === screen.fine ? `${screen.fine} at.%` : `${screen.coarse} at.%, ${screen.fine} at.% where something was found`}.`, "whole") : ""}
${triangles.length > 0 ? `<div class="figures two">${triangles.slice(0, ENLARGED).map((t) => figure(triangleFigure(t, screen), captionOf(t))).join("")}</div>` : ""}
${list}</section>`;
}

/** Triangles that are also shown large, with the names of known phases. */
const ENLARGED = 6;

const captionOf = ({ name, literature }: ReportTriangle): string => `${name}. ${literature.length > 0 ? `${count(literature.length, "phase")} of the literature, with names; sources are in the tooltips. ` : ""}Round marks without names: the data; numbered: proposed alloys, in the order of the cards. Also as diagrams/${name}.svg and .png.`;

/** One system as a figure of its own: regions, measured and known phases, proposed alloys. */
export function triangleFigure(t: ReportTriangle, screen: ReportScreen): string {
  const { title, score, ...content } = panel(t, screen);
  const measured = content.phases.map((phase) => ({ ...phase, name: "", kind: `${phase.kind}${IN_DATA}`, about: `${phase.name}: ${phase.kind} in the data` }));
  const options: TernaryOptions = {
    ...content,
    title,
    about: `Ternary diagram of ${title}: where ${screen.wanted} is likely (${score} hits expected of ${screen.trials} trials), with phases of the data and of the literature`,
    phases: [...measured, ...t.literature],
    kinds: [...content.kinds.map((kind) => ({ ...kind, name: `${kind.name}${IN_DATA}`, marker: "circle" as const, ...(kind.colour ? {} : { colour: theme.ink }) })), ...LITERATURE],
    hover: 150,
  };
  return ternary(options);
}

const IN_DATA = ", in the data";
const LITERATURE: readonly PhaseKind[] = [
  { name: "QC icosahedral", marker: "pentagon" },
  { name: "QC decagonal", marker: "decagon" },
  { name: "AC", marker: "diamond" },
  { name: "crystal", marker: "square", colour: theme.muted },
];

const panel = (t: ReportTriangle, { systems: listed, targets }: ReportScreen) => ({
  title: t.name,
  score: listed.find((s) => s.name === t.name)?.score.toFixed(1) ?? "",
  corners: t.corners,
  points: { a: t.a, b: t.b },
  classes: groundsOf(targets, t.classes),
  phases: t.phases,
  kinds: kindsOf(targets, t.classes),
  candidates: t.candidates,
  hover: 0,
});

const line = (s: ReportSystem): readonly string[] => [
  `<span class="whole">${escapeText(s.name)}</span>`,
  s.score.toFixed(2),
  escapeText(s.best),
  percent(s.probability),
  s.area > 0 ? percent(s.area) : "—",
  escapeText(s.centre),
  percent(s.inside),
  s.known > 0 ? `${s.knownHits} of ${s.known}` : "none",
  escapeText(s.nearest),
];

function alloys({ alloys: list, wanted }: ReportScreen): string {
  if (list.length === 0) return `<section><h2 id="alloys">What to cast next</h2><p class="note">No alloy is proposed.</p></section>`;
  const expected = list.reduce((sum, a) => sum + a.gain, 0);
  return `<section><h2 id="alloys">What to cast next</h2>
<p>A batch of ${count(list.length, "alloy")} that differ: each in turn has the largest probability of being ${escapeText(wanted)} where neither the data nor an alloy before it has found one already. About ${expected.toFixed(1)} new finds are expected among them. The best of many look better than they are: trust the sum more than the first card.</p>
<div class="cards">${list.map(card).join("\n")}</div></section>`;
}

const card = (a: ReportAlloy): string => `<article class="card"><header><h3>${a.rank}<span class="hidden">. alloy</span></h3><div class="prob"><b>${percent(a.probability)}</b> to meet the target<span class="meter" aria-hidden="true"><i style="width:${Math.round(100 * Math.min(1, a.probability))}%"></i></span></div></header>
<p class="alloy">${subscripts(a.formula)}</p>
<div class="tags"><span class="tag">${escapeText(a.system)}</span><span class="tag${a.inside ? "" : " warn"}">${a.inside ? "in the model's domain" : "outside the model's domain"}</span><span class="tag">${percent(a.gain)} a new find</span></div>
${a.classes.length > 0 ? `<div class="values">${a.classes.map((c) => `<div class="value"><span>${escapeText(c.name)}</span><span><b>${percent(c.share)}</b></span></div>`).join("")}</div>` : ""}
<p class="fine">${escapeText(a.reason)}</p></article>`;

const subscripts = (formula: string): string => escapeText(formula).replaceAll(/\d+(?:\.\d+)?/g, (n) => `<sub>${n}</sub>`);
