/* Path data in as few letters as SVG allows: relative steps of whole tenths of a pixel, so that rounding does not add up. */
import type { Contour } from "./contours.ts";

const tenth = (v: number): string => {
  const text = String(Math.abs(v) / 10).replace(/^0\./, ".");
  return v < 0 ? `-${text}` : text;
};

/** Two numbers with no more between them than a reader needs. */
const pair = (x: number, y: number): string => (y < 0 ? `${tenth(x)}${tenth(y)}` : `${tenth(x)} ${tenth(y)}`);

/** Path data of rings and lines; "" when nothing is left of them at a tenth of a pixel. */
export function pathOf(contours: readonly Contour[]): string {
  return contours
    .map(({ points, closed }) => {
      let [x, y] = [Math.round(points[0]![0] * 10), Math.round(points[0]![1] * 10)];
      const start = `M${pair(x, y)}`;
      let steps = "";
      for (const point of points.slice(1)) {
        const [toX, toY] = [Math.round(point[0] * 10), Math.round(point[1] * 10)];
        if (toX === x && toY === y) continue;
        const step = pair(toX - x, toY - y);
        steps += steps === "" || step.startsWith("-") ? step : ` ${step}`;
        [x, y] = [toX, toY];
      }
      return steps === "" ? "" : `${start}l${steps}${closed ? "z" : ""}`;
    })
    .join("");
}
