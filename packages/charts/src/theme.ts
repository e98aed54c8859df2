/* One look for all figures: a steel blue for data, ember for what is wanted, greys for the frame. Legible in print and to the colour-blind. */

export const theme = {
  ink: "#1d2733",
  muted: "#66727f",
  grid: "#e3e7eb",
  data: "#2f6690",
  dataSoft: "#9dbbd3",
  wanted: "#d1495b",
  wantedSoft: "#f4d9dd",
  good: "#3a7d44",
  warn: "#c77c02",
  outside: "#a7b0b9",
  font: "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif",
  /** For classes and series: Okabe and Ito's palette, without the yellow that vanishes on white. */
  series: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#6b4c9a", "#7f7f7f"],
} as const;

/** Colour of a value in [0, 1] on a sequential scale from pale to deep blue. */
export function shade(t: number): string {
  const stops = [
    [238, 243, 247],
    [157, 187, 211],
    [47, 102, 144],
    [16, 44, 72],
  ] as const;
  const at = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
  const i = Math.min(Math.floor(at), stops.length - 2);
  return `rgb(${[0, 1, 2].map((c) => Math.round(stops[i]![c]! + (at - i) * (stops[i + 1]![c]! - stops[i]![c]!))).join(",")})`;
}
