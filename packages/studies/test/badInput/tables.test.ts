/*
 * Tables with something wrong in them: what can be used is used, what cannot is listed with its number, its
 * value and the reason; what is no table at all is refused in words.
 */
import { mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quiet } from "@tatara/engine/base";
import { openCrew, type Crew } from "../../src/executors/crew.ts";
import { assemble, type Measurements } from "../../src/tasks/assemble.ts";
import { checkStudy, parseStudy, type Study } from "@tatara/studies/schema";
import { readCsv } from "@tatara/studies/tables";
import { expectSentence, fitText, GOOD, newFolder, place, tableOf, tableWith } from "./bench.ts";

let crew: Crew;
beforeAll(async () => void (crew = await openCrew({ domain: "molecule", descriptors: ["physchem"] }, { workers: 1 })));
afterAll(() => crew.close());

/** Read a table as stage one does. */
async function gather(table: string | Uint8Array, study = fitText()): Promise<Measurements> {
  const { table: path } = await place(study, table);
  const { data, ...rest } = checkStudy(parseStudy(study, "study.yaml"));
  const checked = { ...rest, data: { ...data, structure: data.structure ?? "smiles" } } as Study;
  const { encoding, separator } = checked.data;
  return assemble(checked, await readCsv(path, { ...(encoding ? { encoding } : {}), ...(separator ? { separator } : {}) }), crew, quiet);
}

const refusal = (table: string | Uint8Array, study?: string): Promise<unknown> => gather(table, study).then((read) => ({ read }), (error: unknown) => error);

const numbersOf = ({ targets: { columns } }: Measurements, at = 0): readonly number[] => {
  const column = columns[at]!;
  return column.kind === "number" ? [...column.values] : [];
};

test("the table that is spoilt below is sound", async () => {
  const { texts, rejected } = await gather(tableOf());
  expect(texts).toHaveLength(GOOD.length);
  expect(rejected).toEqual([]);
});

describe("a bad row is reported, and costs no good one", () => {
  test.each<[string, string, string, RegExp]>([
    ["an unclosed ring", "C1CC,1", "C1CC", /not a structure: "C1CC" — unclosed ring 1/],
    ["an unclosed branch", "C(C,1", "C(C", /unclosed parenthesis/],
    ["five bonds on nitrogen", "CN(C)(C)(C)C,1", "CN(C)(C)(C)C", /valence 5 on nitrogen atom 2/],
    ["a name in place of a structure", "benzene,1", "benzene", /not a structure/],
    ["an element that does not exist", "[Xx]C,1", "[Xx]C", /not a structure from character 2 \("X"\)/],
    ["a reaction", "CC>>CO,1", "CC>>CO", /not a structure from character 3 \(">"\)/],
    ["a repeat unit among molecules", "*CC*,1", "*CC*", /\*/],
    ["a structure with a control character", "CC\u0007C,1", "CC\u0007C", /not a structure/],
    ["a structure in emoji", "🧪,1", "🧪", /not a structure/],
    ["a formula of spreadsheets", "=A1+B2,1", "=A1+B2", /not a structure/],
    ["no structure", ",1", "", /no structure/],
    ["a structure of spaces", "   ,1", "", /no structure/],
    ["a chain of 1,000 carbons", `${"C".repeat(1000)},1`, "CCCC", /1000 characters, at most/],
    ["a structure of 2,000 atoms", `${"C(C)".repeat(1000)},1`, "C(C)", /4000 characters, at most/],
    ["a number that is missing", "CF,", "", /no value of any property/],
    ["NaN", "CF,NaN", "NaN", /no value of any property/],
    ["infinity", "CF,inf", "inf", /not a finite number: "inf"/],
    ["a number beyond all numbers", "CF,1e999", "1e999", /too large for a number: "1e999"/],
    ["a number whose square is beyond all numbers", "CF,1e300", "1e300", /too large to compute with: "1e300" — squares of numbers from 1e150 on overflow/],
    ["text for a number", "CF,high", "high", /not a number: "high"/],
    ["a number with its unit", "CF,5 eV", "5 eV", /text after the number: "5 eV" — the unit belongs to the column/],
    ["a number with its uncertainty", "CF,5 ± 1", "5 ± 1", /a value with its uncertainty: "5 ± 1"/],
    ["a bound", "CF,<5", "<5", /a bound, not a value: "<5"/],
    ["a range", "CF,1-2", "1-2", /a range: "1-2" — give one value/],
    ["a decimal comma among points", 'CF,"1,5"', "1,5", /decimal comma in a column with decimal points: "1,5"/],
    ["a hexadecimal number", "CF,0x10", "0x10", /"0x10"/],
    ["a date", "CF,2024-01-01", "2024-01-01", /"2024-01-01"/],
    ["true and false", "CF,true", "true", /not a number: "true"/],
    ["a formula error of spreadsheets", "CF,#DIV/0!", "#DIV/0!", /not a number: "#DIV\/0!"/],
  ])("%s", async (_, line, value, reason) => {
    const { texts, rejected, rows } = await gather(tableOf([line, "CCF,2.5"]));
    expect(rejected).toHaveLength(1);
    expect(rejected[0]).toMatchObject({ row: GOOD.length + 1, line: GOOD.length + 2, used: "no" });
    expect(rejected[0]!.value.startsWith(value)).toBe(true);
    expect(rejected[0]!.reason).toMatch(reason);
    expect(texts).toHaveLength(GOOD.length + 1);
    expect(texts.at(-1)).toBe("CCF");
    expect(rows).toBe(GOOD.length + 2);
  });

  test("a short row, a long row, a blank one, and surplus commas", async () => {
    const { texts, rejected } = await gather(tableOf(["CF", "CCF,1,2", ",", "", "CCCF,3,,"]));
    expect(rejected.map(({ row, value, reason }) => [row, value, reason])).toEqual([
      [21, "CF", "1 cells where the header has 2"],
      [22, "CCF,1,2", "3 cells where the header has 2"],
      [23, "", "no structure"],
    ]);
    expect(texts.at(-1)).toBe("CCCF");
  });

  test("one bad value of two leaves the other in use", async () => {
    const study = fitText(["y: {}", "y: {}, z: {}"]);
    const measurements = await gather(`${tableOf([], "smiles,y,z").replaceAll(/^(\S+),(\d.*)$/gm, "$1,$2,$2")}CF,high,2\nCCF,high,low\n`, study);
    expect(measurements.rejected.map(({ row, column, value, used }) => [row, column, value, used])).toEqual([
      [21, "y", "high", "without this value"],
      [22, "y", "high", "no"],
      [22, "z", "low", "no"],
    ]);
    expect(measurements.refused).toBe(1);
    expect(numbersOf(measurements).at(-1)).toBeNaN();
    expect(numbersOf(measurements, 1).at(-1)).toBe(2);
  });

  test("salts, charges, isotopes and map numbers are materials", async () => {
    const { texts, rejected } = await gather(tableOf(["[Na+].[Cl-],1", "C[N+](C)(C)C,1", "[2H]C,1", "[CH3:7]F,1"]));
    expect(rejected).toEqual([]);
    expect(texts).toHaveLength(GOOD.length + 4);
  });
});

describe("duplicates are merged and reported", () => {
  test("with other values: the mean", async () => {
    const measurements = await gather(tableOf(["OCC,9", "C(O)C,6"]));
    const ethanol = GOOD.findIndex(([smiles]) => smiles === "CCO");
    expect(measurements.texts).toHaveLength(GOOD.length);
    expect(measurements.merged).toBe(2);
    expect(numbersOf(measurements)[ethanol]).toBeCloseTo((Number(GOOD[ethanol]![1]) + 15) / 3, 12);
    expect(measurements.rejected.map(({ row, value, used }) => [row, value, used])).toEqual([[21, "9", "merged"], [22, "6", "merged"]]);
    for (const { reason } of measurements.rejected) expect(reason).toMatch(/^same material as row 6, where it is 0\.95: the mean 5\.31\d* of 3 rows is used$/);
  });

  test("with equal values: the value", async () => {
    const measurements = await gather(tableOf([`OCC,${GOOD[5]![1]}`]));
    expect(numbersOf(measurements)[5]).toBe(Number(GOOD[5]![1]));
    expect(measurements.rejected.map(({ row, reason, used }) => [row, reason, used])).toEqual([[21, "same material as row 6, where it is the same", "merged"]]);
  });

  test("with other classes: the commonest", async () => {
    const table = `${tableWith((i) => (i % 2 === 0 ? "soluble" : "not"))}OCC,soluble\nC(O)C,soluble\n`;
    const { rejected, targets } = await gather(table, fitText(["y: {}", "y: { kind: class }"], ["linear", "forest"]));
    expect(rejected.filter((r) => /different classes/.test(r.reason)).map(({ row, value, used }) => [row, value, used])).toEqual([[6, "not", "merged"]]);
    const [column] = targets.columns;
    expect(column!.kind === "category" && column.levels[column.codes[5]!]).toBe("soluble");
  });
});

describe("spelling of tables that is right", () => {
  test.each<[string, string | Uint8Array, string?]>([
    ["Windows line ends", tableOf().replaceAll("\n", "\r\n")],
    ["old Mac line ends", tableOf().replaceAll("\n", "\r")],
    ["decimal commas", tableOf().replaceAll(",", ";").replaceAll(/(\d)\.(\d)/g, "$1,$2")],
    ["thousands of spaces around cells", tableOf().replaceAll(",", `${" ".repeat(2000)},  `)],
    ["UTF-16 with a mark", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(tableOf(), "utf16le")])],
    ["UTF-16 without a mark", Buffer.from(tableOf(), "utf16le")],
    ["Windows-1252 with a name beside", Buffer.from(`name,${tableOf().replaceAll("\n", "\né,").slice(0, -2)}`, "latin1")],
    ["gzip", gzipSync(tableOf())],
    ["a control character and an emoji in a header", tableOf([], "smiles,y😀\u0007"), fitText(["y: {}", 'y: { column: "y😀\\u0007" }'])],
    ["a column named __proto__", tableOf([], "smiles,__proto__"), fitText(["y: {}", "y: { column: __proto__ }"])],
    ["a column named constructor, a property named toString", tableOf([], "smiles,constructor"), fitText(["y: {}", "toString: { column: constructor }"])],
    ["a property named hasOwnProperty", tableOf([], "smiles,hasOwnProperty"), fitText(["y: {}", "hasOwnProperty: {}"])],
  ])("%s", async (_, table, study = fitText()) => {
    const measurements = await gather(table, study);
    expect(measurements.rejected).toEqual([]);
    expect(numbersOf(measurements)).toEqual(GOOD.map(([, value]) => Number(value)));
    expect(({} as Record<string, unknown>)["smiles"]).toBeUndefined();
  });

  test("Shift JIS beside structures", async () => {
    const name = Buffer.from([0x8b, 0xfc, 0x90, 0xdc, 0x97, 0xa6, 0x82, 0xcc, 0x91, 0xaa, 0x92, 0xe8]); // 屈折率の測定
    const lines = tableOf([], "smiles,y").trimEnd().split("\n").map((line, i) => Buffer.concat([i === 0 ? Buffer.from("name") : name, Buffer.from(`,${line}\n`)]));
    expect((await gather(Buffer.concat(lines))).texts).toHaveLength(GOOD.length);
  });
});

describe("what is no table", () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ["an empty file", "", /empty table: .*t\.csv — a header line and at least one row are needed/],
    ["a header alone", "smiles,y\n", /empty table: .*t\.csv has a header and no rows/],
    ["only commas", ",,\n,,\n", /no such column: "smiles"/],
    ["a column named twice", tableOf([], "smiles,y").replace("smiles,y", "y,y"), /column named twice: "y" in .*t\.csv — give each column its own name/],
    ["an Excel workbook", Buffer.from("504b03041400060008000000", "hex"), /not a text table: .* an Excel workbook; save the sheet as CSV/],
    ["an old Excel workbook", Buffer.from("d0cf11e0a1b11ae1", "hex"), /old Excel/],
    ["a PDF", "%PDF-1.7\n1 0 obj\n", /is a PDF; export the table as CSV/],
    ["random bytes", Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919) % 256), /holds binary data — give a CSV or TSV file/],
    ["zeros", new Uint8Array(1000), /binary data/],
    ["a broken gzip", Buffer.concat([gzipSync(tableOf()).subarray(0, 40), Buffer.alloc(40, 7)]), /broken gzip file|gzip/],
    ["a gzip cut off", gzipSync(Buffer.from(tableOf().repeat(3000))).subarray(0, 900), /gzip/],
    ["an unclosed quote", `smiles,y\n"C,1\n${"CC,2\n".repeat(20)}`, /a quoted cell is not closed/],
    ["a line of three million characters", `smiles,y\n${"C".repeat(3_000_000)}`, /a row of more than 1,000,000 characters/],
    ["a page of the web", "<!DOCTYPE html>\n<html><body>not found</body></html>\n", /no such column: "smiles"/],
  ])("%s", async (_, table, message) => expectSentence(await refusal(table), message));

  test("a file of 10 GB, a line of 2 GB, a directory, a file that went away", async () => {
    const { table } = await place("", "smiles,y\nC,1\n");
    await truncate(table, 10 * 2 ** 30); // sparse: takes no room
    expectSentence(await readCsv(table).catch((e: unknown) => e), /table too large: .* has 10\.0 GB — at most 2 GB/);
    await writeFile(table, `smiles,y\n${"C".repeat(300_000)}`);
    await truncate(table, 2e9);
    expectSentence(await readCsv(table).catch((e: unknown) => e), /a row of more than 1,000,000 characters|binary data/);
    const folder = await newFolder();
    await mkdir(join(folder, "d.csv"));
    expectSentence(await readCsv(join(folder, "d.csv")).catch((e: unknown) => e), /d\.csv — it is a directory; name a CSV file/);
    expectSentence(await readCsv(join(folder, "none.csv")).catch((e: unknown) => e), /none\.csv — there is no such file/);
  });
});

describe("tables that do not fit the study", () => {
  test.each<[string, string, string, RegExp]>([
    ["no structure column", tableOf([], "SMILES,y"), fitText(), /no such column: "smiles" in .*t\.csv — did you mean "SMILES"\?/],
    ["a misspelt column", tableOf([], "smiles,logS"), fitText(["y: {}", "log_S: {}"]), /no such column: "log_S" in .* — did you mean "logS"\?/],
    ["no column like it", tableOf(), fitText(["y: {}", "density: {}"]), /no such column: "density" in .* — it has "smiles", "y"/],
    ["a column named after a member of every object", tableOf(), fitText(["y: {}", "y: { column: toString }"]), /no such column: "toString"/],
    ["a table without header", tableOf().replace("smiles,y\n", ""), fitText(), /no such column: "smiles" in .* — it has "C", "0\.30"/],
    ["the wrong separator", tableOf(), fitText(["table: t.csv", 'table: t.csv, separator: ";"']), /split at ";" it has one, "smiles,y"; check data\.separator/],
    ["an unknown encoding", tableOf(), fitText(["table: t.csv", "table: t.csv, encoding: klingon"]), /unknown encoding: "klingon" — for example utf-8/],
    ["the wrong encoding", tableOf(), fitText(["table: t.csv", "table: t.csv, encoding: utf-16le"]), /wrong encoding: .* read as utf-16le has no line ends — .* it looks like utf-8/],
    ["a unit in the header against the study's", tableOf([], "smiles,y (kJ/mol)"), fitText(["y: {}", "y: { unit: eV }"]), /unit mismatch: column "y \(kJ\/mol\)" is in kJ\/mol, the study says eV — say unit: kJ\/mol/],
    ["a unit in the header and none in the study", tableOf([], "smiles,y [K]"), fitText(), /unit mismatch: column "y \[K\]" is in K, the study says 1 — say unit: K/],
    ["a scale in the header against the study's", tableOf([], "smiles,y (meV)"), fitText(["y: {}", "y: { unit: eV }"]), /column "y \(meV\)" is in meV, the study says eV/],
    ["structures for numbers", tableOf(), fitText(["y: {}", "y: { column: smiles }"]), /no number in column "smiles" — the first cell reads "C"; for classes say kind: class/],
    ["a number column of blanks", tableWith(() => ""), fitText(), /no number in column "y" — all its cells are empty/],
    ["only bad rows", "smiles,y\nxx,1\nC1,2\n", fitText(), /no usable row: all 2 rows of .*t\.csv were refused, the first of them row 1: not a structure: "xx"/],
    ["no group column", tableOf(), fitText(["table: t.csv", "table: t.csv, group: lab"], ["random", "group"]), /no such column: "lab"/],
    ["no weight column", tableOf(), fitText(["table: t.csv", "table: t.csv, weight: w"]), /no such column: "w"/],
    ["weights that are all zero", tableOf([], "smiles,y,w").replaceAll(/^(\S+\d)$/gm, "$1,0"), fitText(["table: t.csv", "table: t.csv, weight: w"]), /no positive weight: column "w" is 0 in every row/],
  ])("%s", async (_, table, study, message) => expectSentence(await refusal(table, study), message));

  test("negative, infinite, missing and unreadable weights are told", async () => {
    const weights = ["-1", "inf", "", "heavy", ...Array.from({ length: 16 }, () => "2")];
    const table = `smiles,y,w\n${GOOD.map((row, i) => [...row, weights[i]].join(",")).join("\n")}\n`;
    const { rejected, targets } = await gather(table, fitText(["table: t.csv", "table: t.csv, weight: w"]));
    expect(rejected.map(({ row, column, value, used }) => [row, column, value, used])).toEqual([1, 2, 3, 4].map((row) => [row, "w", weights[row - 1], "with weight 1"]));
    expect([...targets.weights!.subarray(0, 5)]).toEqual([1, 1, 1, 1, 2]);
  });
});
