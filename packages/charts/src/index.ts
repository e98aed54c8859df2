/* Figures: plain data in, standalone SVG text out. No framework, no DOM. */
export { applicability, axisTitle, calibration, confusion, histogram, learningCurve, parity, residuals, type Predictions } from "./validation.ts";
export { band, bars, propertySpace, steps, type PropertyAxis, type PropertySpace } from "./design.ts";
export { extent, plot, type Axis, type Box, type PlotOptions, type Scale } from "./plot.ts";
export { el, escapeText, label, readable } from "./svg.ts";
export { shade, theme } from "./theme.ts";
