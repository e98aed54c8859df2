/*
 * Models that cannot be read and tables that cannot be predicted or described: refused in words, or one row
 * out for each row in.
 */
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { quiet } from "@tatara/engine/base";
import { describeTable, predictTable } from "@tatara/studies/tasks";
import { attempt, expectSentence, fitText, newFolder, place, tableOf, tableWith } from "./bench.ts";

let model: string;
beforeAll(async () => {
  const { out, error } = await attempt(fitText(["linear", "forest"]), tableOf());
  expect(error).toBeUndefined();
  model = join(out, "model.json");
});

const ONE = { workers: "1" };
const tableFile = async (text: string | Uint8Array): Promise<string> => (await place("", text)).table;
const refusal = async (path: string, table: string | Uint8Array = "smiles\nCC\n", options: object = {}): Promise<unknown> => predictTable(path, await tableFile(table), { ...ONE, ...options }, quiet).then((ok) => ({ ok }), (error: unknown) => error);
const rowsOf = (text: string): readonly Record<string, string>[] => parse(text, { columns: true }) as Record<string, string>[];

/** A copy of a fitted model, to be spoilt. */
async function copy(of = model): Promise<string> {
  const folder = await newFolder();
  for (const name of await readdir(dirname(of))) if (name.startsWith("model.")) await copyFile(join(dirname(of), name), join(folder, name));
  return join(folder, "model.json");
}

const edited = async (edit: (text: string) => string): Promise<string> => {
  const path = await copy();
  await writeFile(path, edit(await readFile(path, "utf8")));
  return path;
};

describe("a model that cannot be read", () => {
  test.each<[string, () => Promise<string>, RegExp]>([
    ["none", async () => join(await newFolder(), "none.json"), /no such model: .*none\.json — name the model\.json of a run/],
    ["a directory", async () => dirname(await copy()), /cannot read the model: .* — it is a directory; name the model in it: .*model\.json/],
    ["an empty file", () => edited(() => ""), /cannot read the model: .*model\.json — it is no model\.json of tatara, or it is damaged/],
    ["half a file", () => edited((text) => text.slice(0, text.length >> 1)), /cannot read the model/],
    ["a binary file", () => edited(() => "\0\u0001\u0002".repeat(100)), /cannot read the model/],
    ["an ONNX file of any program", async () => {
      const path = join(await newFolder(), "foreign.onnx");
      await writeFile(path, Uint8Array.of(8, 8, 18, 7, 112, 121, 116, 111, 114, 99, 104));
      return path;
    }, /cannot read the model: .*foreign\.onnx — it is an ONNX file, which does not say from what its inputs are computed; name the model\.json of a run/],
    ["JSON of another thing", () => edited(() => '{"format": 1, "weights": [1, 2]}'), /it is no model\.json of tatara, or of a newer one/],
    ["nothing in JSON", () => edited(() => "null"), /it is no model\.json of tatara/],
    ["a newer format", () => edited((text) => text.replace('"format":1', '"format":99')), /it is no model\.json of tatara, or of a newer one/],
    ["a record without content", () => edited(() => '{"format": 1, "domain": "molecule", "structure": "smiles", "represent": ["physchem"], "coverage": 0.9, "record": {}}'), /cannot read the model: .* — it is damaged, or of another version/],
    ["a record of a foreign kind", () => edited((text) => text.replaceAll('"forest"', '"oracle"')), /cannot read the model|unknown/],
    ["an unknown domain", () => edited((text) => text.replace('"domain":"molecule"', '"domain":"molecle"')), /unknown domain: "molecle"/],
    ["an unknown descriptor", () => edited((text) => text.replace('["physchem"]', '["physchm"]')), /unknown descriptor: "physchm"/],
    ["prototype pollution", () => edited(() => '{"format": 1, "domain": "molecule", "record": {"__proto__": {"polluted": 1}}}'), /cannot read the model/],
  ])("%s", async (_, make, message) => {
    expectSentence(await refusal(await make()), message);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("an array that was not copied, and one that was changed", async () => {
    // Twenty classes need arrays large enough to lie beside the manifest.
    const { out } = await attempt(fitText(["y: {}", "y: { kind: class }"], ["linear", "forest"]), tableWith((i) => `class ${i}`));
    const path = await copy(join(out, "model.json"));
    const array = (await readdir(dirname(path))).find((name) => name.endsWith(".bin"));
    expect(array).toBeDefined();
    const bytes = await readFile(join(dirname(path), array!));
    await writeFile(join(dirname(path), array!), bytes.map((b, i) => (i % 97 === 0 ? b ^ 255 : b)));
    expectSentence(await refusal(path), /cannot read the model/);
    await writeFile(join(dirname(path), array!), bytes.subarray(0, 100));
    expectSentence(await refusal(path), /cannot read the model/);
    await mkdir(join(dirname(path), "elsewhere"));
    const lonely = join(dirname(path), "elsewhere", "model.json");
    await copyFile(path, lonely);
    expectSentence(await refusal(lonely), /an array that belongs to it is missing beside it, .*\.bin; copy the \.bin files too/);
  });
});

describe("predict", () => {
  test("one row out for each row in, whatever the rows hold", async () => {
    const lines = ["1,CCO", "2,", "3,C1CC", '4,"  "', "5", "6,CC,extra", "7,*CC*", ",", "8,CCO", `9,${"C".repeat(1500)}`, "10,[Na+].[Cl-]"];
    const { text, lines: told } = await predictTable(model, await tableFile(`id,smiles\n${lines.join("\n")}\n`), ONE, quiet);
    const rows = rowsOf(text);
    expect(rows).toHaveLength(lines.length);
    expect(rows.map(({ y_mean }) => y_mean !== "")).toEqual([true, false, false, false, false, false, false, false, true, false, true]);
    for (const row of rows) if (row["y_mean"] === "") expect(row["reason"]).toMatch(/no structure|not a structure|cells where|attachment point|characters/);
    expect(rows[0]!["y_mean"]).toBe(rows[8]!["y_mean"]);
    expect([rows[4], rows[5]]).toMatchObject([{ id: "5", smiles: "" }, { id: "6", smiles: "CC,extra" }]);
    expect(told[0]).toMatch(/^3 of 11 rows predicted.*; 8 could not be: the column reason says why$/);
  });

  test("a table of empty structures only", async () => {
    const { text } = await predictTable(model, await tableFile('smiles\n""\n""\n'), ONE, quiet);
    expect(rowsOf(text).map(({ reason }) => reason)).toEqual(["no structure", "no structure"]);
  });

  test.each<[string, string | Uint8Array, object, RegExp]>([
    ["no structure column", "SMILES\nCC\n", {}, /no such column: "smiles" in .* — did you mean "SMILES"\?/],
    ["a structure column of another name", "smiles\nCC\n", { structure: "psmiles" }, /no such column: "psmiles" in .* — did you mean "smiles"\?/],
    ["an empty table", "", {}, /empty table/],
    ["a binary table", new Uint8Array(500), {}, /binary data/],
    ["workers in words", "smiles\nCC\n", { workers: "many" }, /number of workers: "many" — a whole number from 1 to 256/],
  ])("%s is refused", async (_, table, options, message) => expectSentence(await refusal(model, table, options), message));

  test("an output that is an input is refused before anything is written", async () => {
    const table = await tableFile("smiles\nCC\n");
    expectSentence(await predictTable(model, table, { ...ONE, out: table }, quiet).catch((e: unknown) => e), /the output is the input: .* — name another file/);
    expectSentence(await predictTable(model, table, { ...ONE, out: model }, quiet).catch((e: unknown) => e), /the output is the input/);
    expect(await readFile(table, "utf8")).toBe("smiles\nCC\n");
  });

  test("an output that is there already is written over only by force", async () => {
    const table = await tableFile("smiles\nCC\n");
    const out = join(dirname(table), "precious.csv");
    await writeFile(out, "precious");
    const refused = /the output is there already: .*precious\.csv — name another file, or write over it with --force/;
    expectSentence(await predictTable(model, table, { ...ONE, out }, quiet).catch((e: unknown) => e), refused);
    expectSentence(await describeTable("molecule", table, { ...ONE, out }, quiet).catch((e: unknown) => e), refused);
    expect(await readFile(out, "utf8")).toBe("precious");
    await predictTable(model, table, { ...ONE, out, force: true }, quiet);
    expect(await readFile(out, "utf8")).toMatch(/^smiles,y_mean/);
    await describeTable("molecule", table, { ...ONE, out, force: true, represent: "qed" }, quiet);
    expect(await readFile(out, "utf8")).toMatch(/^smiles,qed/);
  });

  test("an output below a file is refused by the disk; a missing directory is made", async () => {
    const table = await tableFile("smiles\nCC\n");
    expectSentence(await predictTable(model, table, { ...ONE, out: join(table, "x.csv") }, quiet).catch((e: unknown) => e), /cannot write .*: (a part of the path is a file|there is a file of this name)/, 5);
    const out = join(await newFolder(), "new", "x.csv");
    await predictTable(model, table, { ...ONE, out }, quiet);
    expect(await readdir(dirname(out))).toEqual(["x.csv"]);
  });
});

describe("describe", () => {
  const tell = async (domain: string, table: string, options: object = {}): Promise<unknown> => describeTable(domain, await tableFile(table), { ...ONE, represent: "physchem", ...options }, quiet).then((ok) => ({ ok }), (error: unknown) => error);

  test.each<[string, string, object, RegExp]>([
    ["a misspelt domain", "molecle", {}, /unknown domain: "molecle" — did you mean "molecule"\?/],
    ["a domain named after a member of every object", "constructor", {}, /unknown domain: "constructor"/],
    ["a misspelt descriptor", "molecule", { represent: "physchm" }, /unknown descriptor: "physchm" — did you mean "physchem"\?/],
    ["no descriptor", "molecule", { represent: "," }, /no descriptor: "," — there are ecfp/],
    ["no structure column", "molecule", { structure: "smile" }, /no such column: "smile"/],
  ])("%s is refused", async (_, domain, options, message) => expectSentence(await tell(domain, "smiles\nCC\n", options), message));

  test("one row out for each row in", async () => {
    const { text } = await describeTable("molecule", await tableFile('smiles,n\nCC,1\n,2\nC1C,3\nCCC,4,5\nCCC,6\n'), { ...ONE, represent: "physchem" }, quiet);
    const rows = rowsOf(text);
    expect(rows.map(({ reason }) => reason === "")).toEqual([true, false, false, false, true]);
  });
});
