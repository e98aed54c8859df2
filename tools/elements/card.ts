/* The text of card.md: what the table holds, where from, how gaps were filled and how well. */
import type { Imputed, LeaveOut } from "./impute.ts";
import type { Made } from "./properties.ts";
import { PACKAGES } from "./sources.ts";

export interface CardOptions {
  readonly made: readonly Made[];
  /** Symbols without a source, per property. */
  readonly gaps: readonly (readonly string[])[];
  readonly errors: readonly (LeaveOut | undefined)[];
  readonly filled: Imputed;
  readonly versions: readonly string[];
  readonly complete: number;
}

export function card({ made, gaps, errors, filled, versions, complete }: CardOptions): string {
  const total = gaps.reduce((sum, { length }) => sum + length, 0);
  const cells = made.length * complete;
  const sourced = made.filter((_, j) => gaps[j]!.length === 0).length;
  const rows = made.map(({ name, unit, about, log }, j) => {
    const error = errors[j];
    const numbers = error === undefined ? " | | |" : ` ${((100 * gaps[j]!.length) / complete).toFixed(0)} % | ${error.relative.toFixed(2)} | ${error.median.toPrecision(2)} |`;
    return `| \`${name}\` | ${unit} | ${about}${log ? "; imputed as a logarithm" : ""} |${numbers}`;
  });
  return `# The shipped table of elements

Made by \`tools/elements/make.ts\`; do not edit. ${made.length} properties of H to Pu (${complete} elements) without gaps, and of
later elements what is known (NaN otherwise). ${total} of ${cells} values (${((100 * total) / cells).toFixed(1)} %) are imputed and flagged in
\`imputed\`; ${sourced} properties have no gap.

## Sources

Packages: ${versions.join(", ")}.
Their licences (${[...new Set(Object.values(PACKAGES).map(({ licence }) => licence))].join(", ")}) cover the programs; what is taken are numbers. Facts typed in
\`tools/elements/facts/*.csv\` name their publication in the first lines; each property's \`source\` repeats it.
**They were typed from memory of those tables, without the printed pages at hand**, and then compared:

- covalent radii (Pyykkö), radii (Rahm), polarisabilities, Allen's electronegativities and Miedema's parameters with
  tables of the same publications (package mendeleev): equal to about 1 %. Where a value differed by more, it was left
  out and imputed: Rahm's radii of Ir and Cm, the polarisabilities of Ti and Ho, Miedema's
  density of C and volumes of H, C and N (so these three have no enthalpies of mixing). Sr's volume^(2/3) is 3 % smaller here; the
  polarisability of Se was brought from 29 to 28.9.
- enthalpies with XenonPy's: correlation .99; 5 of 86 enthalpies of fusion, 29 of 86 of evaporation and 7 of 88 of formation
  differ by more than 5 % (\`tools/elements/compare.ts\` lists the worst). Mendeleev's follow other sources and differ more. Ours were kept.
- prices with mendeleev's copy of the same list: equal but for ranges, of which the middle is kept here, and gold.
- R/P and the constant a of Miedema with matminer's table: Ag (R/P) and Eu, Yb (a) differ there.
- band gaps, Allred and Rochow's electronegativities and electrons per atom had no table to compare with; the last
  give the published electrons per atom of six quasicrystals (tests), and the enthalpies of mixing 19 published ones to 1 kJ/mol; five others differ (Al-Cu, Cu-Zn, Al-Si, Fe-Si, Ca-Mg, by 3 to 17 kJ/mol).

## How gaps were filled

Chained equations: each property with gaps is predicted from all ${made.length - 1} others, whose own gaps hold their latest
predictions, in turn (fewest gaps first) until no value moves by more than 0.001 standard deviations
(${filled.sweeps} sweeps). The predictor blends ridge regression with the five nearest elements on standardised columns;
penalty and blend are chosen by leave-one-out error. Predictions stay within half a standard deviation of the known
range. No chance enters: the script gives the same table each time.

Leave-out error: a tenth of the known values of all gappy properties is hidden at once, the whole chain runs, and the
hidden values are compared; ten times. It is the root mean square error over the standard deviation (of the
logarithm where so imputed): 0 is perfect, 1 is no better than the mean. The last column is the median error in the unit.

## Limits

- Hidden values are drawn at random, real gaps crowd among noble gases, halogens and radioactive elements: expect
  larger errors there. A bulk modulus of helium or a metallic radius of oxygen is a placeholder for descriptors, not a
  fact. Do not quote a flagged value.
- Values of one property may be of different states (allotropes, temperatures); see its meaning.
- Heat capacities of molecular gases are per mole of molecules, all enthalpies per mole of atoms.
- Prices (in \`facts\`) are of 2020 and before, and move; supply-risk indices were published in 2013.
- Miedema parameters of Eu and Yb are of the trivalent metals; their charge-transfer constant is that of trivalent ones.

## Properties

| name | unit | meaning | imputed | error/sd | median error |
|---|---|---|---|---|---|
${rows.join("\n")}

Imputed elements: ${made.flatMap(({ name }, j) => (gaps[j]!.length === 0 ? [] : [`\`${name}\` ${gaps[j]!.join(" ")}`])).join("; ")}.
`;
}
