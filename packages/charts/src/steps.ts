/* Quantities over the steps of a sampler. */
import { curve, dot } from "./marks.ts";
import { readable } from "./number.ts";
import { plot } from "./plot.ts";
import { extent, type Scale } from "./scale.ts";
import { theme } from "./theme.ts";

export interface StepsOptions {
  readonly about: string;
  /** Title of the vertical axis. */
  readonly title: string;
  /** One value per step, the first after step 1; NaN where there is none. The second series is dashed. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[]; readonly colour?: string }[];
  /** What the vertical axis must show, with room for the marks at its ends; default what the values need. */
  readonly domain?: readonly [number, number];
}

/** With more steps than this the line says it alone. */
const MOST_DOTS = 40;

const COLOURS = [theme.data, theme.warn, theme.good];
const DASHES = [undefined, "6 3", "2 3"];

export function steps({ about, title, series, domain }: StepsOptions): string {
  const most = Math.max(1, ...series.map((s) => s.values.length));
  const styled = series.map((s, i) => ({ ...s, colour: s.colour ?? COLOURS[i % COLOURS.length]!, dash: DASHES[i % DASHES.length] }));
  return plot({
    about,
    height: 280,
    x: { title: "step", domain: most > 1 ? [1 - 0.03 * (most - 1), most + 0.03 * (most - 1)] : [0.5, 1.5], nice: false, whole: true },
    y: { title, domain: extent(domain ?? series.flatMap((s) => s.values), domain ? 0.03 : 0.06), nice: domain === undefined },
    marks: (x, y) => styled.flatMap((s) => drawn(s, x, y)),
    ...(series.length > 1 ? { legend: styled.map(({ name, colour, dash }) => ({ name, colour, kind: dash ? ("dashed" as const) : ("line" as const) })) } : {}),
  });
}

function drawn({ name, values, colour, dash }: { readonly name: string; readonly values: readonly number[]; readonly colour: string; readonly dash: string | undefined }, x: Scale, y: Scale): readonly string[] {
  const points = values.map((v, i): [number, number] => [x(i + 1), y(v)]);
  const dots = values.length > MOST_DOTS ? [] : values.map((v, i) => dot(points[i]![0], points[i]![1], colour, `${name}, step ${i + 1}: ${readable(v)}`, 3));
  return [curve(points, colour, { "stroke-dasharray": dash }), ...dots];
}
