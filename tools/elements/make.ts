/*
 * Makes packages/domains/src/elements: data/elementData.ts (58 properties of the elements), data/factData.ts (ions,
 * Miedema parameters, prices, …) and card.md. Run on Debian 12 or later: apt-get update && node tools/elements/make.ts [cache folder]
 *
 * Sources: the packages named in sources.ts, fetched (once) into the cache folder, and the facts typed from the
 * literature in facts/*.csv. Gaps of H to Pu are filled as impute.ts describes, and flagged; for later elements they
 * are left open. Numbers are kept to five significant digits (seven for weights and energies of ionisation).
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { elements } from "../../packages/domains/src/chem/elements.ts";
import { card } from "./card.ts";
import { factModule } from "./factModule.ts";
import { impute, leaveOut } from "./impute.ts";
import { ionFacts } from "./ions.ts";
import { properties } from "./properties.ts";
import { readSources } from "./sources.ts";

const TARGET = new URL("../../packages/domains/src/elements/", import.meta.url);
const COMPLETE = 94; // H to Pu
const EXPECTED = 58;
const EXACT = new Set(["atomic_weight", "first_ionization_energy", "second_ionization_energy"]);

const sources = await readSources(process.argv[2] ?? `${tmpdir()}/tatara-elements`);
const symbols = elements.slice(1).map(({ symbol }) => symbol);
const ions = ionFacts(sources);
const made = properties(sources, symbols, ions);
if (made.length !== EXPECTED) throw new Error(`${made.length} properties — expected ${EXPECTED}`);

const d = made.length;
const rounded = (value: number, j: number) => Number(value.toPrecision(EXACT.has(made[j]!.name) ? 7 : 5));
const values = Float64Array.from({ length: symbols.length * d }, (_, i) => rounded(made[i % d]!.of(symbols[Math.floor(i / d)]!), i % d));
for (const [at, value] of values.entries()) {
  const { name, log } = made[at % d]!;
  if (log && value <= 0) throw new Error(`${name} of ${symbols[Math.floor(at / d)]} is ${value} — a logarithm is taken of it`);
}
const columns = { n: COMPLETE, d, values: values.slice(0, COMPLETE * d), log: made.map(({ log }) => log) };
const filled = impute(columns);
const errors = leaveOut(columns);
const gaps = made.map((_, j) => symbols.slice(0, COMPLETE).filter((_, i) => Number.isNaN(values[i * d + j]!)));

const cell = (i: number, j: number): string => {
  const value = values[i * d + j]!;
  if (!Number.isNaN(value)) return String(value);
  return i < COMPLETE ? `${Number(filled.values[i * d + j]!.toPrecision(4))}~` : "-";
};
const rows = symbols.map((symbol, i) => [symbol, ...made.map((_, j) => cell(i, j))].join(" "));
const header = `/*
 * Made by tools/elements/make.ts from ${sources.versions.join(", ")}
 * and the typed facts beside that script. Never edited. See ../card.md for sources, method and limits.
 */
`;

mkdirSync(new URL("data", TARGET), { recursive: true });
const quoted = made.map(({ name, unit, about, source }) => `    ${JSON.stringify([name, unit, about, source])},`);
writeFileSync(
  new URL("data/elementData.ts", TARGET),
  `${header}export const elementData = {\n  /** Name, unit, meaning, source. */\n  properties: [\n${quoted.join("\n")}\n  ],\n  /** Symbol and one value per property: \`~\` follows an imputed one, \`-\` stands for an unknown one. */\n  rows: \`\n${rows.join("\n")}\n\`,\n} as const;\n`,
);
writeFileSync(new URL("data/factData.ts", TARGET), `${header}${factModule(sources, symbols, ions)}`);
writeFileSync(new URL("card.md", TARGET), card({ made, gaps, errors, filled, versions: sources.versions, complete: COMPLETE }));

console.log(`${"property".padEnd(32)}${"unit".padEnd(16)}imputed  leave-out error / sd  median error`);
for (const [j, { name, unit }] of made.entries()) {
  const error = errors[j];
  console.log(`${name.padEnd(32)}${unit.padEnd(16)}${String(gaps[j]!.length).padStart(4)}/${COMPLETE}  ${error === undefined ? "" : `${error.relative.toFixed(2).padStart(12)}${error.median.toPrecision(3).padStart(18)}`}`);
}
const total = gaps.reduce((sum, { length }) => sum + length, 0);
console.log(`${total} of ${COMPLETE * d} values imputed (${((100 * total) / (COMPLETE * d)).toFixed(1)} %), ${filled.sweeps} sweeps, last change ${filled.change.toExponential(1)} sd`);
