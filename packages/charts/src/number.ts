/* Numbers for a reader: few digits, a true minus, powers of ten as powers of ten. */

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** Sizes that are written without a power of ten. */
const SMALL = 1e-3;
const LARGE = 1e5;

const raised = (exponent: number) => `${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((d) => SUPERSCRIPTS[Number(d)]).join("")}`;
const minus = (text: string) => text.replace("-", "−");

/** Three significant digits without trailing zeros: 0.123, 1235, 1.2×10⁻⁵; "—" for NaN. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "—";
  const size = Math.abs(value);
  if (size === 0 || (size >= SMALL && size < LARGE)) return minus(String(Number(value.toPrecision(size >= 1000 ? 5 : 3))));
  const [mantissa, exponent] = value.toExponential(2).split("e") as [string, string];
  return `${minus(String(Number(mantissa)))}×10${raised(Number(exponent))}`;
}

/** Labels of the ticks of one axis: as many decimals as the step between them asks for. */
export function tickTexts(ticks: readonly number[]): readonly string[] {
  const size = Math.max(0, ...ticks.map(Math.abs));
  const step = Math.min(...ticks.slice(1).map((t, i) => Math.abs(t - ticks[i]!)), size || 1);
  const exponent = size === 0 || (size >= SMALL && size < LARGE) ? 0 : Math.floor(Math.log10(size));
  const decimals = Math.min(8, Math.max(0, exponent - Math.floor(Math.log10(step) + 1e-9))); // 1e-9: log10(0.1) is not exact
  return ticks.map((t) => (t === 0 ? "0" : `${minus((t / 10 ** exponent).toFixed(decimals))}${exponent === 0 ? "" : `×10${raised(exponent)}`}`));
}
