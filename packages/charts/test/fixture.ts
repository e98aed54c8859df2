/* Fixed data for the figures: numbers without meaning. */
const wave = (n: number, scale: number, phase = 0) => Array.from({ length: n }, (_, i) => scale * Math.sin(1.7 * i + phase) + 0.02 * i);

const observed = wave(24, 1);
const mean = wave(24, 0.9, 0.1);

export const predictions = { name: "glass_transition", unit: "K", observed, mean, lower: mean.map((m) => m - 0.2), upper: mean.map((m) => m + 0.2), labels: observed.map((_, i) => `material ${i}`) };
export const levels = [0.1, 0.3, 0.5, 0.7, 0.9];
export const axis = { name: "band_gap", unit: "eV", low: 3, high: Number.POSITIVE_INFINITY };
export const other = { name: "refractive_index", unit: "1", low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
export const points = wave(12, 1).map((x, i): [number, number] => [3 + x, 1.5 + 0.01 * i]);
