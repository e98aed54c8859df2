import { InputError } from "@tatara/engine/base";
import { expect, test } from "vitest";
import { elementValue, readElementTable } from "../../src/elements/index.ts";

const GOOD = "symbol,melting point (K),en\nFe,1811,1.83\nAl,933.47,1.61\n";

test("a user's table is read in order of atomic number, with the units of its header", () => {
  const table = readElementTable(GOOD);
  expect(table.symbols).toEqual(["Al", "Fe"]);
  expect(table.properties.map(({ name, unit }) => [name, unit])).toEqual([
    ["melting point", "K"],
    ["en", "1"],
  ]);
  expect(Array.from(table.values)).toEqual([933.47, 1.61, 1811, 1.83]);
  expect(table.imputed.some((flag) => flag !== 0)).toBe(false);
});

test.each([
  ["id in another place", "en,id\n1.83,Fe\n"],
  ["a first column without a name", ",en\nFe,1.83\n"],
  ["semicolons, a byte-order mark and Windows lines", "\uFEFFSymbol;en\r\nFe;1.83\r\n"],
  ["tabs and a trailing empty line", "Element\ten\nFe\t1.83\n\n"],
  ["quotes", '"symbol","en"\n"Fe","1.83"\n'],
])("%s is understood", (_, text) => {
  expect(elementValue(readElementTable(text), "Fe", "en")).toBe(1.83);
});

test("a unit may hold parentheses, and an empty or NA cell is unknown", () => {
  const table = readElementTable("symbol,k (W/(m K)),x\nFe,80,\nAl,NA,2\n");
  expect(table.properties[0]).toMatchObject({ name: "k", unit: "W/(m K)" });
  expect(elementValue(table, "Al", "k")).toBeNaN();
  expect(elementValue(table, "Fe", "x")).toBeNaN();
});

test("the id follows the content unless it is given", () => {
  const { id } = readElementTable(GOOD);
  expect(readElementTable("symbol,melting point (K),en\nAl,933.47,1.61\nFe,1811,1.83\n").id).toBe(id);
  expect(readElementTable(GOOD.replace("1811", "1812")).id).not.toBe(id);
  expect(readElementTable(GOOD.replace("(K)", "(degC)")).id).not.toBe(id);
  expect(readElementTable(GOOD, "mine").id).toBe("mine");
});

test.each([
  ["nothing", "", "no elements in the table: 0 rows — write a header, then one row per element"],
  ["a header alone", "symbol,en\n", "no elements in the table: 0 rows — write a header, then one row per element"],
  ["symbols alone", "symbol\nFe\n", 'no properties in the table: only the column "symbol" — write one column per property'],
  ["an unknown symbol", "symbol,en\nFe,1.83\nIron,2\n", 'unknown element: "Iron" in row 3 — write a symbol such as Fe'],
  ["an attachment point", "symbol,en\n*,1.83\n", 'unknown element: "*" in row 2 — write a symbol such as Fe'],
  ["an element twice", "symbol,en\nFe,1.83\nAl,1.6\nFe,1.9\n", "element given twice: Fe in rows 2 and 4 — each has one row"],
  ["a word for a number", "symbol,en\nFe,high\n", 'not a number: "high" in row 2, column "en" — write a number, or leave the cell empty where it is unknown'],
  ["a decimal comma", 'symbol,en\nFe,"1,83"\n', 'not a number: "1,83" in row 2, column "en" — write a number, or leave the cell empty where it is unknown'],
  ["an infinite number", "symbol,en\nFe,1e999\n", 'not a number: "1e999" in row 2, column "en" — write a number, or leave the cell empty where it is unknown'],
  ["an empty property", "symbol,en,x\nFe,1.83,\nAl,1.6,NA\n", 'empty property: "x" has no number in 2 rows — fill the column or leave it out'],
  ["a name twice", "symbol,en,en\nFe,1,2\n", 'property given twice: "en" — names of columns must differ'],
  ["a column without a name", "symbol,en,\nFe,1,2\n", 'property without a name: column 3 ("") — name it in the header, as in "density (g/cm^3)"'],
  ["a unit that is none", "symbol,radius (Slater)\nFe,1\n", 'unreadable unit in the header: "radius (Slater)" — put only a unit in parentheses, as in "density (g/cm^3)", or nothing'],
  ["a short row", "symbol,en,x\nFe,1\n", 'row 2 ("Fe") has 2 cells — the header has 3'],
])("%s is refused with its place", (_, text, message) => {
  expect(() => readElementTable(text)).toThrow(InputError);
  expect(() => readElementTable(text)).toThrow(message);
});
