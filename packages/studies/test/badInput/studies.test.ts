/*
 * Study files that cannot be run: each kind is refused with its place, what stands there and what would be
 * right, before anything is computed or written.
 */
import { mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadStudy } from "@tatara/studies/tasks";
import { expectSentence, fitText, invertText, newFolder, place, tableOf } from "./bench.ts";

const TABLE = tableOf();

/** The error of loading a study, as a user meets it. */
const refusal = async (study: string | Uint8Array, { name = "study.yaml", set = [] as readonly string[] } = {}): Promise<unknown> => {
  const { study: file } = await place(study, TABLE, name);
  return loadStudy(file, set).then((loaded) => ({ loaded }), (error: unknown) => error);
};

test("the study that is spoilt below is sound", async () => {
  expect(await refusal(fitText())).toHaveProperty("loaded");
  expect(await refusal(invertText())).toHaveProperty("loaded");
});

test("the prior's own table is found beside the study, wherever the run begins", async () => {
  const { study, table } = await place(invertText(["particles: 20", "particles: 20, corpus: { table: t.csv }"]), TABLE);
  expect((await loadStudy(study)).study).toMatchObject({ generate: { corpus: { table } } });
});

describe("files that are no study", () => {
  test.each<[string, string | Uint8Array, RegExp, string?]>([
    ["an empty file", "", /not a study: .*study\.yaml — a study is a mapping that begins with/],
    ["a list", "- fit\n", /not a study/],
    ["a single number", "42\n", /not a study/],
    ["a binary file", Uint8Array.from({ length: 600 }, (_, i) => (i * 131) % 256), /not a study: .* holds binary data — a study is YAML, JSON or TOML text/],
    ["broken YAML", "study: [fit\n", /study\.yaml:2:1: not valid YAML/],
    ["broken JSON", '{ "study": "fit", }}', /study\.json:\d+:\d+: not valid JSON/, "study.json"],
    ["JSON with a comma too many", '{\n  "study": "fit",\n  "data": { "table": "t.csv", },\n}', /study\.json:3:29: not valid JSON: a comma before \} — leave it out$/, "study.json"],
    ["JSON without a comma", '{\n  "study": "fit"\n  "domain": "molecule"\n}', /study\.json:3:3: not valid JSON: found "\\"" — a comma or \} is missing in this object$/, "study.json"],
    ["JSON without a colon", '{ "study" "fit" }', /study\.json:1:11: not valid JSON: .* — a colon is missing/, "study.json"],
    ["JSON in single quotes", "{ 'study': 'fit' }", /study\.json:1:3: not valid JSON: single quotes — a field's name in double quotes is needed/, "study.json"],
    ["a JSON value without quotes", '{ "study": fit }', /study\.json:1:12: not valid JSON: found "fit" — text stands in double quotes/, "study.json"],
    ["a JSON number that is none", '{ "study": .5 }', /study\.json:1:12: not valid JSON: found "\.5" — .*a number is written like 0\.5/, "study.json"],
    ["JSON that ends early", '{ "study": "fit",\n "data": [', /study\.json:2:11: not valid JSON: the text ends — a value is needed/, "study.json"],
    ["a JSON text that is not closed", '{ "study": "fit,\n "x": 1 }', /study\.json:1:12: not valid JSON: a text is not closed/, "study.json"],
    ["a comment in JSON", '{ "study": "fit" } // mine', /study\.json:1:20: not valid JSON: a comment — JSON has none/, "study.json"],
    ["a bad escape in JSON", '{ "study": "a\\d" }', /study\.json:1:14: not valid JSON: unknown escape/, "study.json"],
    ["more after the end of JSON", '{ "study": "fit" }}', /study\.json:1:19: not valid JSON: found "\}" after the end/, "study.json"],
    ["a key written twice in JSON", '{ "study": "fit",\n  "study": "fit" }', /study\.json:2:3: not valid JSON: a field's name stands twice/, "study.json"],
    ["broken TOML", 'study = "fit\n', /study\.toml:1:\d+: not valid TOML/, "study.toml"],
    ["a key written twice", "study: fit\nstudy: fit\n", /study\.yaml:2:1: not valid YAML: Map keys must be unique/],
    ["an alias bomb", `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefgh"].map((c, i) => `${c}: &${c} [${Array.from({ length: 9 }, () => `*${"abcdefg"[i]}`).join(",")}]`).join("\n")}\nstudy: fit\n`, /not a study: .* its aliases \(\*name\) expand to too much/],
    ["an alias of itself", "study: &a [*a]\n", /study\.yaml:1:\d+: nested too deeply: "study\.0/],
    ["a tower of brackets", `study: ${"[".repeat(30_000)}${"]".repeat(30_000)}\n`, /nested too deeply/],
    ["a tower of brackets in JSON", `{ "study": ${"[".repeat(30_000)}${"]".repeat(30_000)} }`, /nested too deeply/, "study.json"],
    ["a tower of brackets in TOML", `study = ${"[".repeat(30_000)}${"]".repeat(30_000)}\n`, /nested too deeply|not valid TOML/, "study.toml"],
    ["a tag of a foreign type", "study: !!js/function 'function () {}'\n", /study/],
    ["a stream of two documents", "study: fit\n---\nstudy: fit\n", /it holds several documents; a study is one/],
    ["prototype pollution in YAML", `${fitText()}__proto__: { polluted: yes }\n`, /study\.yaml:7:1: forbidden key: "__proto__" — no study field has this name/],
    ["prototype pollution deep in YAML", fitText(["y: {}", "y: { constructor: { prototype: { polluted: yes } } }"]), /study\.yaml:3:\d+: forbidden key: "data\.properties\.y\.constructor"/],
    ["prototype pollution in JSON", '{ "study": "fit", "learn": { "__proto__": { "polluted": true } } }', /study\.json:1:\d+: forbidden key: "learn\.__proto__"/, "study.json"],
    ["prototype pollution in TOML", 'study = "fit"\n["__proto__"]\npolluted = true\n', /study\.toml/, "study.toml"],
  ])("%s", async (_, text, message, name = "study.yaml") => {
    expectSentence(await refusal(text, { name }), message);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("no file at all, and a directory", async () => {
    const folder = await newFolder();
    expectSentence(await loadStudy(join(folder, "none.yaml")).catch((e: unknown) => e), /cannot read the study: .*none\.yaml — there is no such file/);
    await mkdir(join(folder, "dir.yaml"));
    expectSentence(await loadStudy(join(folder, "dir.yaml")).catch((e: unknown) => e), /dir\.yaml — it is a directory; name the study file in it/);
  });

  test("a file of 50 MB", async () => {
    const { study } = await place(fitText());
    await writeFile(study, `#${"x".repeat(5_000_000)}`);
    expectSentence(await loadStudy(study).catch((e: unknown) => e), /study too large: .* has 5\.0 MB — .*measurements belong in data\.table/);
    await truncate(study, 50_000_000);
    expectSentence(await loadStudy(study).catch((e: unknown) => e), /study too large: .* has 50\.0 MB/);
  });
});

describe("names that do not exist, with a suggestion", () => {
  test.each<[string, string, RegExp]>([
    ["no study", fitText(["study: fit\n", ""]), /missing field: study — one of fit, invert/],
    ["a misspelt study", fitText(["study: fit", "study: fits"]), /study\.yaml:1:1: unknown study: "fits" — did you mean "fit"\?/],
    ["a misspelt domain", fitText(["molecule", "molecle"]), /study\.yaml:2:1: unknown domain: "molecle" — did you mean "molecule"\?/],
    ["a domain named after a member of every object", fitText(["molecule", "toString"]), /unknown domain: "toString" — there are composition, molecule, polymer/],
    ["an unknown section", `${fitText()}colour: blue\n`, /study\.yaml:7:1: unknown field: "colour" — a study has study, name, domain/],
    ["a misspelt section", fitText(["represent:", "reprsent:"]), /study\.yaml:4:1: unknown field: "reprsent" — did you mean "represent"\?/],
    ["a misspelt field", fitText(["folds:", "fold:"]), /study\.yaml:5:\d+: unknown field: "learn\.fold" — did you mean "folds"\?/],
    ["a misspelt descriptor", fitText(["physchem", "physchm"]), /study\.yaml:4:13: unknown descriptor: "physchm" — did you mean "physchem"\?/],
    ["a descriptor named twice", fitText(["physchem", "physchem, physchem"]), /descriptor named twice: "physchem"/],
    ["a misspelt learner", fitText(["linear", "liner"]), /study\.yaml:5:\d+: unknown learner: "liner" — did you mean "linear"\?/],
    ["a learner named after a member of every object", fitText(["linear", "constructor"]), /unknown learner: "constructor" — there are auto, linear/],
    ["an unknown option of a learner", fitText(["model: linear", "model: linear, options: { tree: 3 }"]), /study\.yaml:5:\d+: unknown option of linear: "tree"/],
    ["an option out of range", fitText(["model: linear", "model: forest, options: { trees: -3 }"]), /bad option of forest: trees = -3/],
    ["a misspelt option of a learner", fitText(["model: linear", "model: forest, options: { tress: 3 }"]), /^[^\n]*study\.yaml:5:36: unknown option of forest: "tress" — did you mean "trees"\?$/],
    ["a monotone feature that is not there", fitText(["model: linear", "model: boosting, options: { monotone: { MolWtt: rising } }"]), /study\.yaml:5:\d+: unknown feature: "MolWtt" — monotone names a feature of the table, such as /],
    ["a monotone feature that is not there, of a member", fitText(["model: linear", "model: stack, options: { members: [{ learner: linear }, { learner: boosting, options: { monotone: { nothing: rising } } }] }"]), /unknown feature: "nothing"/],
    ["a misspelt option of a prior", invertText(["particles: 20", "particles: 20, prior_options: { ordr: 3 }"]), /^[^\n]*study\.yaml:9:45: unknown option of ngram: "ordr" — did you mean "order"\?$/],
    ["the beginning of a proposal", invertText(["particles: 20", "particles: 20, proposals: { truncat: 1 }"]), /unknown proposal: "truncat" — did you mean "truncate-regrow"\?/],
    ["a misspelt unit", fitText(["y: {}", "y: { unit: evv }"]), /study\.yaml:3:\d+: unknown unit: "evv" — did you mean eV\?/],
    ["options without a learner", fitText(["model: linear", "model: auto, options: { trees: 3 }"]), /options of auto: trees — options belong to a learner/],
    ["a learner that predicts no classes", fitText(["y: {}", "y: { kind: class }"]), /wrong learner for the properties: "linear" — those that predict .* forest/],
    ["a misspelt split", fitText(["split: random", "split: radom"]), /learn\.split: "radom" is not known — did you mean "random"\?/],
    ["a group split without a group", fitText(["split: random", "split: group"]), /missing field: data\.group — split: group needs the column/],
    ["a misspelt constraint", invertText(["max_heavy_atoms", "max_heavy_atom"]), /study\.yaml:8:\d+: unknown constraint: "max_heavy_atom" — did you mean "max_heavy_atoms"\?/],
    ["a misspelt prior", invertText(["particles: 20", "particles: 20, prior: ngam"]), /unknown prior: "ngam" — did you mean "ngram"\?/],
    ["a misspelt proposal", invertText(["particles: 20", "particles: 20, proposals: { re-rot: 1 }"]), /unknown proposal: "re-rot" — did you mean "re-root"\?/],
    ["a misspelt calculator", `${invertText()}verify: { calculator: xtbb }\n`, /study\.yaml:10:\d+: unknown calculator: "xtbb" — did you mean "xtb"\?/],
    ["a corpus that does not exist", invertText(["particles: 20", "particles: 20, corpus: { table: none.csv }"]), /study\.yaml:9:\d+: no such table: "none\.csv"/],
    ["a target for no property", invertText(['{ y: ">= 3" }', '{ yy: ">= 3" }']), /study\.yaml:7:\d+: unknown property: "yy" — did you mean "y"\?/],
    ["a table that does not exist", fitText(["t.csv", "none.csv"]), /study\.yaml:3:\d+: no such table: "none\.csv" — neither a file .* nor a shipped set \(known-phases, optical-polymers\)/],
    ["a misspelt shipped set", fitText(["t.csv", "optical-polymer"]), /no such table: "optical-polymer" — did you mean "optical-polymers"\?/],
  ])("%s", async (_, text, message) => expectSentence(await refusal(text), message));
});

describe("values that cannot be", () => {
  test.each<[string, string, RegExp]>([
    ["text for a number", fitText(["folds: 2", "folds: many"]), /study\.yaml:5:\d+: wrong kind of value: learn\.folds is "many" — a number is needed/],
    ["a fraction for a count", fitText(["folds: 2", "folds: 2.5"]), /learn\.folds is 2\.5 — a whole number is needed/],
    ["one fold", fitText(["folds: 2", "folds: 1"]), /learn\.folds: 1 is out of range — at least 2/],
    ["infinity", fitText(["folds: 2", "folds: .inf"]), /learn\.folds is Infinity — a number/],
    ["not a number", fitText(["folds: 2", "folds: .nan"]), /learn\.folds is NaN — a number/],
    ["a negative seed", `${fitText()}seed: -1\n`, /study\.yaml:7:1: seed: -1 is out of range — at least 0/],
    ["a seed beyond whole numbers", `${fitText()}seed: 99999999999999999999\n`, /^\S+:7:1: seed: 100000000000000000000 is out of range — at most 9007199254740991$/],
    ["no worker", fitText(["workers: 1", "workers: 0"]), /workers: 0 is out of range — at least 1/],
    ["a list for a mapping", fitText(["{ y: {} }", "[y]"]), /wrong kind of value: data\.properties is \["y"\] — a mapping/],
    ["nothing for a property", fitText(["y: {}", "y: "]), /wrong kind of value: data\.properties\.y is null — a mapping such as \{\}/],
    ["a unit for a property", fitText(["y: {}", "y: eV"]), /data\.properties\.y is "eV" — a mapping/],
    ["no property", fitText(["{ y: {} }", "{}"]), /name at least one property/],
    ["an emoji in a property's name", fitText(["y: {}", '"y😀": {}']), /bad name: "y😀" — a name starts with a letter/],
    ["a control character in a property's name", fitText(["y: {}", '"y\\u0007": {}']), /bad name: "y\\u0007" — a name starts with a letter/],
    ["a path in a study's name", `${fitText()}name: ../../x\n`, /study\.yaml:7:1: name: "\.\.\/\.\.\/x" — letters, digits/],
    ["an unknown unit", fitText(["y: {}", "y: { unit: furlong }"]), /study\.yaml:3:\d+: unknown unit: "furlong" — write SI units/],
    ["an empty unit", fitText(["y: {}", 'y: { unit: "" }']), /empty unit: "" — write 1 for a pure number/],
    ["a unit of a class", fitText(["y: {}", "y: { kind: class, unit: eV }"], ["linear", "forest"]), /unit of a class: y — classes have no unit/],
    ["a target that is no target", invertText(['">= 3"', '"about 3"']), /study\.yaml:7:\d+: .*"about 3"/],
    ["a target with its bounds exchanged", invertText(['">= 3"', '"5 .. 3"']), /5 \.\. 3/],
    ["a target without a number", invertText(['">= 3"', '">="']), />=/],
    ["a target that is not finite", invertText(['">= 3"', '">= 1e999"']), /1e999/],
    ["a target in another unit than the data", invertText(["y: {}", "y: { unit: K }"], ['">= 3"', '">= 3 eV"']), /study\.yaml:7:\d+: .*eV.*K/],
    ["kJ/mol against eV", invertText(["y: {}", "y: { unit: kJ/mol }"], ['">= 3"', '">= 3 eV"']), /study\.yaml:7:\d+: .*eV.*kJ\/mol/],
    ["a broken SMARTS", invertText(["{ max_heavy_atoms: 12 }", '{ forbid: ["C(("] }']), /study\.yaml:8:\d+: .*C\(\(/],
    ["an element that does not exist", invertText(["{ max_heavy_atoms: 12 }", "{ elements: [C, Xx] }"]), /study\.yaml:8:\d+: .*Xx/],
    ["a negative number of atoms", invertText(["max_heavy_atoms: 12", "max_heavy_atoms: -1"]), /study\.yaml:8:\d+: .*-1/],
    ["text for a number of atoms", invertText(["max_heavy_atoms: 12", "max_heavy_atoms: dozen"]), /study\.yaml:8:\d+: .*dozen/],
    ["too few particles", invertText(["particles: 20", "particles: 2"]), /generate\.particles: 2 is out of range — at least 10/],
    ["fewer evaluations than particles", invertText(["particles: 20", "particles: 2000"]), /generate\.evaluations: 200 — at least the 2000 particles/],
    ["a proposal of negative weight", invertText(["particles: 20", "particles: 20, proposals: { re-root: -1 }"]), /generate\.proposals\.re-root: -1 is out of range — more than 0/],
  ])("%s", async (_, text, message) => expectSentence(await refusal(text), message));

  test("several problems come at once, each with its line", async () => {
    const error = (await refusal(fitText(["physchem", "physchm"], ["linear", "liner"], ["y: {}", "y: { unit: furlong }"]))) as Error;
    expectSentence(error, /3 problems in/);
    for (const line of [3, 4, 5]) expect(error.message).toMatch(new RegExp(`study\\.yaml:${line}:\\d+: `));
  });
});

describe("--set", () => {
  test.each<[string, string, RegExp]>([
    ["no assignment", "folds", /not an assignment: "folds" — write path=value/],
    ["a path without names", "learn..folds=3", /not a path: "learn\.\.folds"/],
    ["a misspelt path", "learn.fold=3", /command line, learn\.fold=3: unknown field: "learn\.fold" — did you mean "folds"\?/],
    ["a value out of range", "learn.folds=99", /command line, learn\.folds=99: learn\.folds: 99 is out of range — at most 20/],
    ["a seed in words", "seed=abc", /command line, seed=abc: wrong kind of value: seed is "abc" — a number is needed/],
    ["a value that is no YAML", "learn.folds=[1", /not a value: "learn\.folds=\[1"/],
    ["pollution by the path", "__proto__.polluted=1", /not a path: "__proto__\.polluted"/],
    ["pollution deep in the path", "data.properties.constructor.prototype=1", /not a path/],
    ["pollution by the value", "learn={ __proto__: { polluted: 1 } }", /forbidden key: "__proto__"/],
    ["an unknown learner", "learn.model=liner", /command line, learn\.model=liner: unknown learner: "liner"/],
  ])("%s", async (_, assignment, message) => {
    expectSentence(await refusal(fitText(), { set: [assignment] }), message);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
