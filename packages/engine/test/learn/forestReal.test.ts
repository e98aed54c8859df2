import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, permutation } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { Table } from "../../src/data/types.ts";
import { extraTrees, forest } from "../../src/learn/forest/forest.ts";
import { takeNumbers, takeRows } from "../../src/learn/inputs.ts";
import type { NumericMarginal } from "../../src/prob/types.ts";

const FILE = new URL("../../../../../shared/data/mol-esol/esol_train.csv", import.meta.url);
const FEATURES = ["Minimum Degree", "Molecular Weight", "Number of H-Bond Donors", "Number of Rings", "Number of Rotatable Bonds", "Polar Surface Area"];
const TARGET = "measured log solubility in mols per litre";
const FOLDS = 5;

function read(): { readonly x: Table; readonly y: Float64Array } {
  const [header, ...lines] = readFileSync(FILE, "utf8").trim().split(/\r?\n/);
  const names = header.split(",");
  // Compound names may be quoted and hold commas; they come first, so cells are counted from the end.
  const cells = lines.map((line) => line.split(",").slice(-names.length));
  const column = (name: string) => Float64Array.from(cells, (row) => Number(row[names.indexOf(name)]));
  const columns = FEATURES.map(column);
  const data = Float64Array.from({ length: lines.length * FEATURES.length }, (_, at) => columns[at % FEATURES.length][Math.floor(at / FEATURES.length)]);
  return { x: { rows: lines.length, cols: FEATURES.length, data, features: FEATURES.map((name) => ({ name, unit: one, about: "" })) }, y: column(TARGET) };
}

describe.skipIf(!existsSync(FILE))("on 902 measured solubilities (skipped where ../shared/data is absent)", () => {
  test.each([["forest", forest], ["extra trees", extraTrees]] as const)("five folds of %s are accurate, cover what they promise, and know where they err", async (_, make) => {
    const { x, y } = read();
    const order = permutation(key(5), x.rows);
    let [squares, spread, inside, loss, scaled] = [0, 0, 0, 0, 0];
    const centre = y.reduce((a, b) => a + b, 0) / x.rows;
    for (let fold = 0; fold < FOLDS; fold++) {
      const [train, test] = [order.filter((_, i) => i % FOLDS !== fold), order.filter((_, i) => i % FOLDS === fold)];
      const model = await make().fit(takeRows(x, train), { rows: train.length, columns: [{ kind: "number", name: "log S", unit: one, values: takeNumbers(y, train) }] }, key(1), quiet);
      const marginal = (await model.predict(takeRows(x, test), quiet)).marginals[0] as NumericMarginal;
      const truth = takeNumbers(y, test);
      const [low, high, density] = [marginal.quantile(0.05), marginal.quantile(0.95), marginal.logDensity(truth)];
      truth.forEach((v, i) => {
        squares += (v - marginal.mean[i]) ** 2;
        spread += (v - centre) ** 2;
        inside += v >= low[i] && v <= high[i] ? 1 : 0;
        loss -= density[i];
        scaled += ((v - marginal.mean[i]) / marginal.sd[i]) ** 2;
      });
    }
    const n = x.rows;
    expect(1 - squares / spread).toBeGreaterThan(0.75);
    expect(Math.abs(inside / n - 0.9)).toBeLessThan(4 * Math.sqrt((0.9 * 0.1) / n));
    expect(Math.abs(Math.log(scaled / n))).toBeLessThan(Math.log(1.3));
    // A normal of one width for all rows, with the true error's own size, is the rival.
    expect(loss / n).toBeLessThan(0.5 * Math.log((2 * Math.PI * Math.E * squares) / n) - 0.05);
  });
});
