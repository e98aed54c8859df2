/* The figures of property space: two properties against each other, the others as distributions. */
import { extent, histogram, nameOf, axisTitle, propertySpace, theme } from "@tatara/charts";
import { figure, percent } from "./format.ts";
import type { NumericValidation, ReportData, ReportDesign, ReportProperty } from "./types.ts";

interface Placed {
  readonly p: ReportProperty;
  /** Place in the study's order. */
  readonly k: number;
}

/** Numeric properties, those with a target first. */
export function placed(properties: readonly ReportProperty[]): readonly Placed[] {
  const numeric = properties.map((p, k) => ({ p, k })).filter(({ p }) => p.kind === "number");
  return [...numeric.filter(({ p }) => p.target), ...numeric.filter(({ p }) => !p.target)];
}

/** The wanted interval of a property; unbounded where nothing is wanted. */
export const wantedOf = ({ target }: ReportProperty): { readonly low: number; readonly high: number } => ({ low: target?.low ?? Number.NEGATIVE_INFINITY, high: target?.high ?? Number.POSITIVE_INFINITY });

/** The measured values behind a numeric property. */
export function measuredOf({ validation }: ReportData, name: string): NumericValidation["points"] | undefined {
  const found = validation.find((v) => v.name === name);
  return found?.kind === "number" ? found.points : undefined;
}

/** Where the measured values of a property lie; [∞, −∞] when unknown. */
export const rangeOf = (data: ReportData, name: string): readonly [number, number] => extent(measuredOf(data, name)?.observed ?? [], 0);

export function spaceFigures(data: ReportData, design: ReportDesign): string {
  const [a, b, ...more] = placed(data.properties);
  if (!a) return "";
  if (!b) return distribution(data, design, a);
  return pair(data, design, a, b) + more.map((other) => distribution(data, design, other)).join("");
}

function pair(data: ReportData, design: ReportDesign, a: Placed, b: Placed): string {
  const [first, second] = [measuredOf(data, a.p.name), measuredOf(data, b.p.name)];
  const other = new Map((second?.labels ?? []).map((text, i) => [text, second!.observed[i]!]));
  const measured = (first?.labels ?? []).flatMap((text, i): [number, number][] => (other.has(text) ? [[first!.observed[i]!, other.get(text)!]] : []));
  const axis = ({ p }: Placed) => ({ name: p.name, unit: p.unit, ...wantedOf(p) });
  const svg = propertySpace({
    x: axis(a),
    y: axis(b),
    data: measured,
    candidates: design.cloud.map((c) => ({ x: c.means[a.k]!, y: c.means[b.k]!, title: `${c.structure}\n${percent(c.probability)} to meet the target` })),
    path: design.steps.map((s): [number, number] => [s.medians[a.k]!, s.medians[b.k]!]).filter((at) => at.every(Number.isFinite)),
  });
  return figure(svg, "Property space: what was measured, what is wanted, where the population went, and what came out. Candidates stand at their predicted means; their bands are in the cards.", "wide");
}

function distribution(data: ReportData, design: ReportDesign, { p, k }: Placed): string {
  const series = [
    { name: "measured", values: measuredOf(data, p.name)?.observed ?? [], colour: theme.outside },
    { name: "candidates, predicted", values: design.cloud.map((c) => c.means[k]!), colour: theme.data },
  ];
  return figure(histogram({ about: `Distribution of ${nameOf(p.name)} in the data and among the candidates`, title: axisTitle(p.name, p.unit), series, target: wantedOf(p) }), `${nameOf(p.name)}: the data, and the predicted means of the candidates.`);
}
