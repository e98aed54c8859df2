/*
 * One look for all figures: a steel blue for data, ember for what is wanted, greys for the frame. Blue and
 * ember stay apart for colour-blind readers; where they mean something, shape or dashes say it too.
 */

export const theme = {
  ink: "#1d2733",
  muted: "#5b6773",
  grid: "#e3e7eb",
  data: "#2f6690",
  dataSoft: "#9dbbd3",
  wanted: "#c23b4e",
  wantedSoft: "#f6d9d3",
  good: "#2c7a52",
  warn: "#b86e00",
  outside: "#9aa4ae",
  font: "system-ui, -apple-system, Segoe UI, Helvetica Neue, Arial, sans-serif",
} as const;

const STOPS = [
  [238, 243, 247],
  [157, 187, 211],
  [47, 102, 144],
  [16, 44, 72],
] as const;

const channels = (t: number): readonly number[] => {
  const at = (t >= 0 ? Math.min(t, 1) : 0) * (STOPS.length - 1);
  const i = Math.min(Math.floor(at), STOPS.length - 2);
  return [0, 1, 2].map((c) => Math.round(STOPS[i]![c]! + (at - i) * (STOPS[i + 1]![c]! - STOPS[i]![c]!)));
};

/** Colour of a value in [0, 1] on a sequential scale from pale to deep blue. */
export const shade = (t: number): string => `rgb(${channels(t).join(",")})`;

// WCAG 2.2, relative luminance
const luminance = (rgb: readonly number[]) => {
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

/** Ink or white, whichever reads better on `shade(t)`. */
export const inkOn = (t: number): string => (luminance(channels(t)) > 0.22 ? theme.ink : "#ffffff");
