/* The ternary systems with most positives, gone over with the model and the rule: what the figure of a report is drawn from. */
import type { Context } from "@tatara/engine/base";
import type { Target } from "@tatara/engine/design";
import type { Domain, Mixing } from "@tatara/engine/generate";
import type { IntervalRule, Labels } from "@tatara/engine/explain";
import { simplexGrid } from "@tatara/engine/numeric";
import { RULES } from "../../catalogue/ruleConstraint.ts";
import { openScreening } from "../../executors/screening.ts";
import { processors } from "../../executors/workers.ts";
import type { ReportTriangle } from "../../report/types.ts";
import type { RulesStudy } from "../../schema/study.ts";
import type { StageOne } from "../learn.ts";
import { columnOf, labelling } from "../screen/labels.ts";
import { phasesOf } from "../screen/phases.ts";
import type { LoadedStudy } from "../types.ts";
import { intervalsOf } from "./constraint.ts";

/** A triangle with where the rule holds. */
export interface DrawnSystem extends ReportTriangle {
  /** 1 at each point that the rule covers. */
  readonly holds: Uint8Array;
  readonly positives: number;
}

export interface Drawing {
  readonly loaded: LoadedStudy & { readonly study: RulesStudy };
  readonly one: StageOne;
  readonly targets: readonly Target[];
  readonly labels: Labels;
  readonly rule: IntervalRule;
}

/** Steps of the grid: 2 at.%. */
const DIVISIONS = 50;
const CORNERS = 3;

/** Nothing for kinds of material that are not mixed from parts. */
export async function drawnSystems(drawing: Drawing, ctx: Context): Promise<readonly DrawnSystem[]> {
  const { loaded: { study, domain, setup }, one, targets, rule } = drawing;
  const { mixing } = domain;
  const systems = mixing ? richest(drawing, mixing) : [];
  if (!mixing || systems.length === 0) return [];
  const crew = openScreening({ ...setup, descriptors: study.represent!, record: one.model.toRecord(), targets, constraints: {} }, study.workers ?? processors());
  const phases = phasesOf(domain, one.measurements, targets);
  const grid = simplexGrid(CORNERS, DIVISIONS);
  const amounts = Float64Array.from(grid.counts, (n) => (100 * n) / DIVISIONS);
  const share = (corner: number) => Float32Array.from({ length: grid.points }, (_, i) => grid.counts[i * CORNERS + corner]! / DIVISIONS);
  const labels = labelling(targets, one.model.outputs);
  try {
    const drawn: DrawnSystem[] = [];
    for (const [k, { parts, positives }] of systems.entries()) {
      ctx.report({ stage: "ask the model", done: k, total: systems.length });
      const { probability, values, width } = await crew.ask({ parts, amounts, judge: false }, ctx);
      const [target] = targets;
      const output = one.model.outputs.find((o) => o.name === target!.property);
      const classes = output?.kind === "category" && targets.length === 1 ? output.levels.map((name, level) => ({ name, probability: Float32Array.from({ length: grid.points }, (_, i) => values[i * width + columnOf(one.model.outputs, output.name) + level]!) })) : [{ name: labels.kinds[0]!.name, probability }];
      drawn.push({
        name: parts.join("-"),
        corners: parts,
        a: share(0),
        b: share(1),
        classes,
        phases: phases.within(parts).map((p) => ({ name: p.text, kind: p.label === "" ? "known" : p.label, at: placeOf(parts, p) })),
        candidates: [],
        literature: [],
        holds: covered(domain, mixing, rule, parts, amounts),
        positives,
      });
    }
    return drawn;
  } finally {
    await crew.close();
  }
}

type Triple = readonly [string, string, string];

/** Systems of three parts with most positives; the commonest part of the positives on top. */
function richest({ loaded: { study, domain }, one, labels }: Drawing, mixing: Mixing<unknown>): readonly { readonly parts: Triple; readonly positives: number }[] {
  const found = new Map<string, { count: number; readonly amounts: Map<string, number> }>();
  one.measurements.texts.forEach((text, i) => {
    if (labels[i] !== 1) return;
    const shares = mixing.shares(domain.codec.parse(text));
    if (shares.length !== CORNERS) return;
    const name = shares.map(([part]) => part).toSorted().join("-");
    const entry = found.get(name) ?? { count: 0, amounts: new Map<string, number>() };
    found.set(name, entry);
    entry.count++;
    for (const [part, share] of shares) entry.amounts.set(part, (entry.amounts.get(part) ?? 0) + share);
  });
  return [...found].toSorted((a, b) => b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1)).slice(0, study.rules.drawn).map(([, { count, amounts }]) => ({
    parts: [...amounts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([part]) => part) as unknown as Triple,
    positives: count,
  }));
}

function placeOf(corners: Triple, { parts, amounts }: { readonly parts: readonly string[]; readonly amounts: readonly number[] }): readonly [number, number, number] {
  return corners.map((corner) => (parts.includes(corner) ? amounts[parts.indexOf(corner)]! / 100 : 0)) as unknown as readonly [number, number, number];
}

function covered(domain: Domain<unknown>, mixing: Mixing<unknown>, rule: IntervalRule, parts: Triple, amounts: Float64Array): Uint8Array {
  const n = amounts.length / CORNERS;
  if (rule.conditions.length === 0) return new Uint8Array(n).fill(1);
  const broken = domain.constraints[RULES]!.make(intervalsOf(rule.conditions.map((c) => ({ ...c, unit: c.unit.symbol }))));
  return Uint8Array.from({ length: n }, (_, i) => (broken(mixing.mix(parts, amounts.subarray(i * CORNERS, (i + 1) * CORNERS))) === undefined ? 1 : 0));
}
