/* Precision against recall of several sets of answers, each with its interval both ways: against a model, and against the truth. */
import { note } from "./marks.ts";
import { plot } from "./plot.ts";
import { el, label } from "./svg.ts";
import { theme } from "./theme.ts";

/** An estimate with the ends of its interval, in [0, 1]. */
export interface Estimated {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface AgreementsOptions {
  readonly about: string;
  readonly sets: readonly {
    readonly name: string;
    readonly recall: Estimated;
    readonly precision: Estimated;
    /** Which kind of answers it is compared with. */
    readonly series: number;
  }[];
  readonly series: readonly { readonly name: string; readonly colour: string; /** Open points. */ readonly open?: boolean }[];
}

/** A little room for points at 100 %. */
const WHOLE = 1.04;

const percent = (v: number): string => `${Math.round(100 * v)} %`;

export function agreements({ about, sets, series }: AgreementsOptions): string {
  return plot({
    about,
    width: 520,
    height: 420,
    x: { title: "recall", domain: [0, WHOLE], nice: false, format: percent },
    y: { title: "precision", domain: [0, WHOLE], nice: false, format: percent },
    marks: (x, y) =>
      sets.map(({ name, recall, precision, series: k }) => {
        const { colour, open = false } = series[k]!;
        const [cx, cy] = [x(recall.estimate), y(precision.estimate)];
        const bar = { stroke: colour, "stroke-width": 1.1, "stroke-opacity": "0.55" };
        return el(
          "g",
          {},
          el("line", { x1: x(recall.low), x2: x(recall.high), y1: cy, y2: cy, ...bar }),
          el("line", { x1: cx, x2: cx, y1: y(precision.low), y2: y(precision.high), ...bar }),
          el("circle", { cx, cy, r: 4.5, fill: open ? "#fff" : colour, stroke: colour, "stroke-width": 1.6 }, label("title", {}, `${name}, ${series[k]!.name}: recall ${percent(recall.estimate)}, precision ${percent(precision.estimate)}`)),
          note(cx + 8, open ? cy - 7 : cy + 15, name, recall.estimate > 0.75 ? { x: cx - 8, "text-anchor": "end" } : {}),
        );
      }),
    legend: series.map(({ name, colour, open = false }) => ({ name, colour, kind: open ? ("ring" as const) : ("dot" as const) })),
  });
}

/** Colours of the two kinds of answers. */
export const AGREED = { model: theme.data, truth: theme.wanted } as const;
