/* What a screening shows in its report, as plain data. */
import type { Output } from "@tatara/engine/learn";
import type { ReportAlloy, ReportScreen, ReportSystem, ReportTriangle } from "../../report/types.ts";
import { wantedWords } from "../targets.ts";
import type { Alloy } from "./alloys.ts";
import type { Explored } from "./explore.ts";
import { columnOf } from "./labels.ts";
import { phasesWithin } from "./literature.ts";
import type { Screened } from "./screen.ts";
import { APART, TRIALS, type SystemSummary } from "./summarise.ts";
import type { System } from "./systems.ts";
import { largestOf, shareInside } from "./tables.ts";

/** Lines of the ranked list, and triangles, in the report; all systems are in systems.csv. */
const LISTED = 50;
const DRAWN = 12;

export async function screenReport(screened: Screened): Promise<ReportScreen> {
  const { systems, lattice, plan, alloys, targets, asked, warnings, labels } = screened;
  const drawn: ReportTriangle[] = [];
  if (lattice.grid.corners === 3) for (const summary of systems.slice(0, DRAWN)) drawn.push(triangleOf(summary, plan.get(summary.name)!, await screened.points(summary.name), screened));
  const [first] = plan.values();
  return {
    targets,
    wanted: wantedWords(targets),
    count: systems.length,
    asked,
    trials: TRIALS,
    apart: APART,
    coarse: lattice.step * lattice.ratio,
    fine: lattice.step,
    regions: systems.reduce((sum, s) => sum + s.regions.filter((r) => r.kind === labels.kinds.at(-1)!.name).length, 0),
    slice: first!.parts.flatMap((part, k) => (Number.isNaN(first!.fixed[k]) ? [] : [`${part} ${first!.fixed[k]} at.%`])).join(", "),
    systems: systems.slice(0, LISTED).map(lineOf),
    triangles: drawn,
    alloys: alloys.map((alloy) => cardOf(alloy, screened.outputs)),
    warnings,
  };
}

function lineOf(s: SystemSummary): ReportSystem {
  const [best] = s.trials;
  const near = best?.nearestHit ?? best?.nearest;
  return {
    name: s.name,
    score: s.score,
    best: best?.formula ?? "",
    probability: best?.probability ?? Number.NaN,
    area: s.area,
    centre: largestOf(s)?.centre ?? "",
    inside: shareInside(s),
    nearest: near ? `${near.text} (${near.label}), ${near.distance.toFixed(near.distance < 10 ? 1 : 0)} at.%` : "",
    knownHits: s.knownHits,
    known: s.known,
  };
}

const cardOf = (a: Alloy, outputs: readonly Output[]): ReportAlloy => ({
  rank: a.rank,
  formula: a.formula,
  system: a.system,
  probability: a.probability,
  gain: a.gain,
  inside: a.inside,
  classes: outputs.flatMap((o) => (o.kind === "category" ? o.levels.map((name, k) => ({ name, share: a.values[columnOf(outputs, o.name) + k]! })) : [])),
  reason: a.reason,
});

function triangleOf(summary: SystemSummary, { parts, free }: System, { points, probability, values, width }: Explored, { lattice: { grid }, targets, outputs, phases, literature, alloys, labels }: Screened): ReportTriangle {
  const corners = free.map((k) => parts[k]!) as unknown as readonly [string, string, string];
  const share = (corner: number) => Float32Array.from(points, (p) => grid.counts[p * 3 + corner]! / grid.divisions);
  const [target] = targets;
  const output = outputs.find((o) => o.name === target?.property);
  const classes = output?.kind === "category" && targets.length === 1 ? output.levels.map((name, k) => ({ name, probability: column(values, width, columnOf(outputs, output.name) + k, points.length) })) : [{ name: labels.kinds[0]!.name, probability }];
  const place = (names: readonly string[], amounts: ArrayLike<number>): readonly [number, number, number] => {
    const own = corners.map((corner) => amounts[names.indexOf(corner)] ?? 0);
    const sum = own.reduce((a, b) => a + b, 0);
    return own.map((v) => v / sum) as unknown as readonly [number, number, number];
  };
  return {
    name: summary.name,
    corners,
    a: share(0),
    b: share(1),
    classes,
    // In a slice only what lies on it has a place.
    literature: parts.length === 3 ? phasesWithin(literature, parts).map((p) => ({ name: p.name, kind: p.kind, at: place(p.parts, p.amounts), about: p.about })) : [],
    phases: parts.length === 3 ? phases.within(parts).map((p) => ({ name: p.text, kind: p.label === "" ? "known" : p.label, at: place(p.parts, p.amounts) })) : [],
    candidates: alloys.filter((a) => a.system === summary.name).map((a) => ({ at: place(parts, a.amounts), about: `${a.rank}. ${a.formula}: ${a.reason}` })),
  };
}

const column = (values: Float32Array, width: number, at: number, n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => values[i * width + at]!);
