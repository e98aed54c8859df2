/*
 * What drives a prediction: each interpretable feature in turn is given the value of the median measured
 * material, and the change of the predicted mean is read off. Folded fingerprints have no meaning bit by
 * bit, so each fingerprint is changed as a whole. Features that go together share their effect: this says
 * where a prediction comes from, not what would happen if a structure were changed. Packed graphs stay as they are.
 */
import type { Context } from "@tatara/engine/base";
import { columnOf as columnOfTable, type Table } from "@tatara/engine/data";
import type { FittedModel } from "@tatara/engine/learn";
import type { Crew } from "../executors/crew.ts";

export interface Drivers {
  readonly structure: string;
  /** For each numeric property the changes, largest first. */
  readonly properties: readonly { readonly property: string; readonly items: readonly { readonly name: string; readonly value: number }[] }[];
}

const MOST = 6;

/** A feature, or a whole fingerprint, that is changed at once. */
interface Lever {
  readonly name: string;
  readonly columns: readonly number[];
}

export async function driversOf(structures: readonly string[], { crew, model, reference }: { readonly crew: Crew; readonly model: FittedModel; readonly reference: Table }, ctx: Context): Promise<readonly Drivers[]> {
  if (structures.length === 0) return [];
  const x = await crew.describe(structures, { ...ctx, report: () => {} });
  const levers = leversOf(x);
  const middle = Float64Array.from({ length: x.cols }, (_, j) => median(columnOfTable(reference, j)));
  const base = await model.predict(x, ctx);
  const out: Drivers[] = [];
  for (const [i, structure] of structures.entries()) {
    ctx.report({ stage: "explain", done: i, total: structures.length });
    const row = x.data.subarray(i * x.cols, (i + 1) * x.cols);
    const moved = levers.filter(({ columns }) => columns.some((j) => row[j] !== middle[j]));
    const changed = await model.predict(variants(x, row, moved, middle), ctx);
    const properties = changed.marginals.flatMap((marginal, m) => {
      const own = base.marginals[m]!;
      if (marginal.kind !== "number" || own.kind !== "number") return [];
      const items = moved.map(({ name }, k) => ({ name, value: own.mean[i]! - marginal.mean[k]! })).sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || (a.name < b.name ? -1 : 1));
      return [{ property: marginal.name, items: items.slice(0, MOST) }];
    });
    out.push({ structure, properties });
  }
  return out;
}

function leversOf({ features }: Table): readonly Lever[] {
  const levers = new Map<string, number[]>();
  features.forEach((f, j) => {
    if (f.kind === "code") return;
    const folded = f.kind === "count" || f.kind === "bit";
    const name = folded ? `${f.block ?? f.name} fragments` : f.name.replaceAll("_", " ");
    levers.set(name, [...(levers.get(name) ?? []), j]);
  });
  return [...levers].map(([name, columns]) => ({ name, columns }));
}

function variants(x: Table, row: Float64Array, levers: readonly Lever[], middle: Float64Array): Table {
  const data = new Float64Array(levers.length * x.cols);
  levers.forEach(({ columns }, k) => {
    data.set(row, k * x.cols);
    for (const j of columns) data[k * x.cols + j] = middle[j]!;
  });
  return { rows: levers.length, cols: x.cols, data, features: x.features };
}

function median(values: Float64Array): number {
  const sorted = values.filter((v) => !Number.isNaN(v)).sort();
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1]!;
}
