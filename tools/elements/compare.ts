/*
 * Prints how the shipped table agrees with XenonPy's, property by property: correlation over what is not imputed here,
 * how many values differ by more than 5 %, and the largest differences (ours/theirs). Run: node tools/elements/compare.ts [table.csv]
 */
import { readFileSync } from "node:fs";
import { SAME, XENONPY, correlation, sourcedPairs } from "../../packages/domains/test/elements/same.ts";
import { readElementTable } from "../../packages/domains/src/elements/index.ts";

const NOTED = 0.05;
const reference = readElementTable(readFileSync(process.argv[2] ?? XENONPY, "utf8"));
for (const [ours, theirs] of SAME) {
  const pairs = sourcedPairs(reference, ours, theirs);
  const apart = pairs.map(([symbol, a, b]) => ({ symbol, a, b, ratio: Math.abs(a - b) / Math.max(Math.abs(b), 1e-9) })).filter(({ ratio }) => ratio > NOTED);
  const worst = apart.toSorted((p, q) => q.ratio - p.ratio).slice(0, 4);
  console.log(`${ours.padEnd(30)} r ${correlation(pairs).toFixed(4)}  ${String(apart.length).padStart(2)} of ${pairs.length} differ  ${worst.map(({ symbol, a, b }) => `${symbol} ${a}/${Number(b.toPrecision(4))}`).join(", ")}`);
}
