import { expect, test } from "vitest";
import { one, parseUnit } from "../../src/base/unit.ts";
import { categoryColumn, dataset, materialColumn, numberColumn, selectRows, selectTargets } from "../../src/data/columns.ts";

const number = (values: readonly number[], name = "gap", unit = parseUnit("eV")) => numberColumn({ name, unit, values });

test("a dataset's id follows its content: values, names, units and order, and nothing else", () => {
  const base = dataset([number([1, 2, Number.NaN]), number([0, 5, 6], "tg", parseUnit("K"))]);
  const same = [
    dataset([number([1, 2, Number.NaN]), number([-0, 5, 6], "tg", parseUnit("kelvin"))]),
    dataset([number([1, 2, -Number.NaN]), number([0, 5, 6], "tg", parseUnit("K"))]),
  ];
  const different = [
    dataset([number([2, 1, Number.NaN]), number([0, 5, 6], "tg", parseUnit("K"))]),
    dataset([number([0, 5, 6], "tg", parseUnit("K")), number([1, 2, Number.NaN])]),
    dataset([number([1, 2, Number.NaN], "lumo"), number([0, 5, 6], "tg", parseUnit("K"))]),
    dataset([number([1, 2, Number.NaN]), number([0, 5, 6], "tg", parseUnit("degC"))]),
    dataset([number([1, 2, Number.NaN])]),
    dataset([number([1, 2, Number.NaN]), numberColumn({ name: "tg", unit: parseUnit("K"), values: [0, 5, 6], sd: [1, 1, 1] })]),
  ];
  expect(base.id).toMatch(/^[0-9a-f]{64}$/);
  for (const other of same) expect(other.id).toBe(base.id);
  expect(new Set([base, ...different].map((d) => d.id)).size).toBe(1 + different.length);
});

test("categories, materials and levels enter the id", () => {
  const category = (values: readonly (string | null)[], levels?: readonly string[]) => dataset([categoryColumn({ name: "phase", values, ...(levels === undefined ? {} : { levels }) })]).id;
  expect(category(["b", "a", null])).toBe(category(["b", "a", null], ["a", "b"]));
  expect(new Set([category(["b", "a", null]), category(["b", "a", "a"]), category(["b", "a", null], ["b", "a"]), dataset([materialColumn({ name: "phase", domain: "x", values: ["b", "a", null] })]).id]).size).toBe(4);
});

test("categories take levels in code-point order, −1 where missing", () => {
  const column = categoryColumn({ name: "phase", values: ["é", "z", "B", null, "z"] });
  expect(column.levels).toEqual(["B", "z", "é"]);
  expect(Array.from(column.codes)).toEqual([2, 1, 0, -1, 1]);
  expect(() => categoryColumn({ name: "phase", values: ["q"], levels: ["a"] })).toThrow("unknown level");
});

test("rows are selected from every part of a dataset and of targets", () => {
  const columns = [numberColumn({ name: "y", unit: one, values: [1, 2, 3], sd: [0.1, 0.2, 0.3] }), categoryColumn({ name: "c", values: ["a", null, "b"] })];
  const data = selectRows(dataset([...columns, materialColumn({ name: "m", domain: "d", values: ["x", "y", "z"] })]), [2, 0, 2]);
  expect(data.rows).toBe(3);
  expect(data.columns.get("y")).toMatchObject({ values: Float64Array.of(3, 1, 3), sd: Float64Array.of(0.3, 0.1, 0.3) });
  expect(data.columns.get("c")).toMatchObject({ codes: Int32Array.of(1, 0, 1) });
  expect(data.columns.get("m")).toMatchObject({ values: ["z", "x", "z"] });
  const y = selectTargets({ rows: 3, columns, groups: Int32Array.of(7, 8, 9), weights: Float64Array.of(1, 2, 3), names: ["p", "q", "r"] }, [1, 2]);
  expect(y).toMatchObject({ rows: 2, groups: Int32Array.of(8, 9), weights: Float64Array.of(2, 3), names: ["q", "r"] });
  expect(() => selectRows(data, [3])).toThrow("no such row: 3");
});

test("columns that do not fit together are refused", () => {
  expect(() => dataset([number([1]), number([2])])).toThrow("two columns of one name");
  expect(() => dataset([number([1]), number([2, 3], "tg")])).toThrow('rows of column "tg": 2');
  expect(() => number([1, Number.POSITIVE_INFINITY])).toThrow("infinite value in gap, row 1");
  expect(() => numberColumn({ name: "y", unit: one, values: [1], sd: [-1] })).toThrow("negative standard deviation");
  expect(() => number([1], "")).toThrow("column without a name");
});
