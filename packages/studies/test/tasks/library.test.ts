/* Libraries of networks: adding, listing, pulling, and learning from them in a study. */
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { key, quiet, stream } from "@tatara/engine/base";
import { BATCH, op, writeProgram } from "@tatara/neural";
import { shippedLibrary, type Card } from "@tatara/studies/library";
import { addToLibrary, libraryLines, listLibraries, loadStudy, predictTable, pullFromLibrary, resumeRun, runStudy } from "@tatara/studies/tasks";
import { newFolder } from "../badInput/bench.ts";

const host = { verify: false, say: () => {} };
const PAIRS = [["Bi", "Te"], ["Sb", "Te"], ["Sn", "Se"], ["Bi", "Se"], ["Pb", "S"]] as const;
/** A law that few rows do not show: it bends and turns with the share. */
const law = (pair: number, share: number) => Math.sin(7 * share + pair) + 0.5 * pair * share;

function rows(seed: number, n: number, write: (value: number, noise: number) => string): string {
  const rng = stream(key(seed));
  const lines = Array.from({ length: n }, (_, i) => {
    const [a, b] = [1 + rng.below(60), 1 + rng.below(60)];
    return `${PAIRS[i % 5]![0]}${a}${PAIRS[i % 5]![1]}${b},${write(law(i % 5, a / (a + b)), rng.normal())}`;
  });
  return `formula,y\n${lines.join("\n")}\n`;
}

const study = (table: string, learn: string, more = "") => `study: fit\ndomain: composition\ndata: { table: ${table}, properties: { y: { unit: eV } } }\nrepresent: [fractions]\nlearn: { ${learn}, folds: 3, split: random, splits: [] }\nworkers: 1\n${more}`;
const NETWORK = "model: mlp, options: { members: 1, hidden: [24, 12], epochs: 150 }";

let folder = "";
let library = "";
const before = process.env["TATARA_LIBRARY"];
const at = (...names: readonly string[]) => join(folder, ...names);
const run = async (name: string, text: string) => {
  await writeFile(at(`${name}.yaml`), text);
  return runStudy(await loadStudy(at(`${name}.yaml`)), { out: at(name), ...host }, quiet);
};
const cardAt = async (path: string) => JSON.parse(await readFile(join(path, "card.json"), "utf8")) as Card;
const rewrite = async (path: string, change: (card: Record<string, unknown>) => void) => {
  const card = JSON.parse(await readFile(join(path, "card.json"), "utf8")) as Record<string, unknown>;
  change(card);
  await writeFile(join(path, "card.json"), JSON.stringify(card));
};

beforeAll(async () => {
  folder = await newFolder();
  await writeFile(at("many.csv"), rows(1, 400, String));
  await writeFile(at("few.csv"), rows(2, 30, (v, noise) => String(2 + 0.8 * v + 0.05 * noise)));
  await run("source", study("many.csv", NETWORK));
  await run("linear", study("few.csv", "model: linear"));
}, 120_000);
beforeEach(() => {
  library = at(`library-${Math.floor(performance.now() * 1000)}`);
  process.env["TATARA_LIBRARY"] = library;
});
afterAll(() => {
  if (before === undefined) delete process.env["TATARA_LIBRARY"];
  else process.env["TATARA_LIBRARY"] = before;
});

describe("adding", () => {
  test("a finished run: the network as it is, and a card with its data, descriptors and figures out of fold", async () => {
    const [entry] = await addToLibrary(at("source"), { name: "made-up", about: "a law", licence: "MIT", data: { licence: "CC0", citation: "here" } });
    expect(entry!.path).toBe(join(library, "made-up"));
    expect((await readdir(entry!.path)).toSorted()).toEqual(["card.json", "model.onnx", "seen.bin"]);
    const bytes = await readFile(join(entry!.path, "model.onnx"));
    expect(bytes.equals(await readFile(at("source", "model.onnx")))).toBe(true);
    const card = await cardAt(entry!.path);
    const validation = JSON.parse(await readFile(at("source", "validation.json"), "utf8")) as { readonly properties: readonly { readonly r2: number; readonly mae: number; readonly coverage: number; readonly points: { readonly row: readonly number[] } }[] };
    const [figures] = validation.properties;
    expect(card).toMatchObject({ name: "made-up", about: "a law", licence: "MIT", domain: "composition", structure: "formula", represent: ["fractions"], sha256: createHash("sha256").update(bytes).digest("hex"), data: { table: "many.csv", licence: "CC0", citation: "here" }, made: { seed: 1 }, network: { kind: "mlp", hidden: [24, 12], members: 1 } });
    expect(card.properties).toEqual([expect.objectContaining({ name: "y", unit: "eV", rows: figures!.points.row.length, r2: figures!.r2, mae: figures!.mae, coverage: figures!.coverage })]);
    expect(figures!.r2).toBeGreaterThan(0.8);
  });

  test("is the same from the directory, its model.json and its ONNX file; without a name it has the study's", async () => {
    const cards = await Promise.all(["", "model.json", "model.onnx"].map(async (file, i) => (await addToLibrary(at("source", file), { name: `a${i}` }))[0]!.card));
    for (const card of cards) expect({ ...card, name: "" }).toEqual({ ...cards[0], name: "" });
    expect((await addToLibrary(at("source"), {})).map(({ card }) => card.name)).toEqual(["source"]);
  });

  test("a name that is taken is refused, and written over when forced; nothing else is left in the folder", async () => {
    await addToLibrary(at("source"), { name: "taken", about: "first" });
    await expect(addToLibrary(at("source"), { name: "taken", about: "second" })).rejects.toThrow(/there is a model of this name already: .*taken — give it another name with --name, or write over it with --force/);
    await addToLibrary(at("source"), { name: "taken", about: "second", force: true });
    expect((await cardAt(join(library, "taken"))).about).toBe("second");
    expect(await readdir(library)).toEqual(["taken"]);
  });

  test.each([
    ["a run without a network", async () => at("linear"), {}, /no network in .*linear: its model is linear.* — a library holds networks; learn.model: mlp makes one/],
    ["a directory without a run", async () => folder, {}, /no such model: .*model\.json — name the model\.json of a run/],
    ["a name with spaces", async () => at("source"), { name: "My Model" }, 'not a name for a library: "My Model" — small letters, digits, . and -, such as my-model'],
    ["the shipped library", async () => at("source"), { library: shippedLibrary() }, /the library that comes with the program is read only/],
    ["an ONNX file of another program", async () => {
      await writeFile(at("foreign.onnx"), writeProgram({ outputs: { y: op.relu(op.input("x", [BATCH, 3])) } }, {}));
      return at("foreign.onnx");
    }, {}, /cannot read the model: .*\.onnx — an ONNX file of another program.*its inputs are x \[.*3\]/],
    ["a file that is no ONNX", async () => {
      await writeFile(at("text.onnx"), "hello");
      return at("text.onnx");
    }, {}, /not an ONNX file: 5 bytes that are no model/],
    ["one of ours without its run", async () => {
      await mkdir(at("alone"), { recursive: true });
      await cp(at("source", "model.onnx"), at("alone", "model.onnx"));
      return at("alone", "model.onnx");
    }, {}, /an ONNX file by itself: .* — a card tells descriptors and figures, which are in the run that made it/],
    ["a file that is not there", async () => at("nowhere.onnx"), {}, /cannot read the model: .*nowhere\.onnx/],
    ["a run whose figures are gone", async () => {
      await cp(at("source"), at("bare"), { recursive: true });
      await rm(at("bare", "validation.json"));
      return at("bare");
    }, {}, /no figures beside the model: .*validation\.json is not there/],
  ])("%s is refused, and nothing is written", async (_, path, options, message) => {
    const error = await addToLibrary(await path(), options).then(() => undefined, (reason: unknown) => reason);
    expect((error as Error)?.name).toBe("InputError");
    expect((error as Error).message).toMatch(message);
    await expect(readdir(library)).rejects.toThrow("ENOENT");
  });
});

describe("listing", () => {
  test("own models come first, then the shipped ones; a card is told in full", async () => {
    const shipped = (await listLibraries()).entries;
    expect(shipped.every((entry) => entry.shipped)).toBe(true);
    await addToLibrary(at("source"), { name: "made-up", data: { licence: "CC0" } });
    const listed = await listLibraries();
    expect(listed.entries.map(({ card }) => card.name)).toEqual(["made-up", ...shipped.map(({ card }) => card.name)]);
    const lines = libraryLines(listed);
    expect(lines[0]).toMatch(/^name +domain +predicts +rows +R² +descriptors +data licence +where$/);
    expect(lines[1]).toMatch(/^made-up +composition +y \[eV\] +\d+ +0\.\d+ +fractions +CC0 +own$/);
    expect(libraryLines(listed, "made-up").join("\n")).toMatch(/predicts +y: R² 0\.\d+, MAE 0\.\d+ eV, 90 % band holds .* rows out of fold[\s\S]*licence: CC0[\s\S]*sha256 [0-9a-f]{64}/);
  });

  test("an own model of a shipped name stands before it", async () => {
    await addToLibrary(at("source"), { name: "polymer-density" });
    expect((await listLibraries()).entries.filter(({ card }) => card.name === "polymer-density").map(({ shipped }) => shipped)).toEqual([false]);
  });

  test("an unknown name is told with what there is; a broken card is told by its fields and hides no other", async () => {
    await addToLibrary(at("source"), { name: "good" });
    await addToLibrary(at("source"), { name: "bad" });
    await rewrite(join(library, "bad"), (card) => (card["represent"] = []));
    const listed = await listLibraries();
    expect(listed.broken).toEqual([expect.stringMatching(/no card of a model: .*bad.card\.json — represent: /)]);
    expect(listed.entries.map(({ card }) => card.name)).toContain("good");
    expect(() => libraryLines(listed, "bad")).toThrow(/no card of a model: .*represent: /);
    expect(() => libraryLines(listed, "godo")).toThrow(/unknown model: "godo" — .*good/);
    await writeFile(join(library, "bad", "card.json"), "{");
    expect((await listLibraries()).broken).toEqual([expect.stringMatching(/damaged card: .*card\.json/)]);
  });

  test("a library that is a file is refused", async () => {
    await writeFile(at("file"), "");
    await expect(listLibraries(at("file"))).rejects.toThrow(/cannot read the library: .*file — it is a file; name a folder of models/);
  });
});

describe("pulling", () => {
  test("from another library by name, all, and by the path of a model: the same file and the same card", async () => {
    const group = at("group");
    await rm(group, { recursive: true, force: true });
    await addToLibrary(at("source"), { name: "one", library: group });
    await addToLibrary(at("source"), { name: "two", library: group });
    await pullFromLibrary(["one"], { from: group });
    await pullFromLibrary([join(group, "two")], {});
    expect((await readdir(library)).toSorted()).toEqual(["one", "two"]);
    for (const name of ["one", "two"]) for (const file of ["card.json", "model.onnx", "seen.bin"]) expect((await readFile(join(library, name, file))).equals(await readFile(join(group, name, file)))).toBe(true);
    await expect(pullFromLibrary(["all"], { from: group })).rejects.toThrow("there is a model of this name already");
    expect(await pullFromLibrary(["all"], { from: group, force: true })).toHaveLength(2);
  });

  test("a shipped one, without a network", async () => {
    const [first] = (await listLibraries()).entries;
    const [pulled] = await pullFromLibrary([first!.card.name], {});
    expect(pulled!.shipped).toBe(false);
    expect(await cardAt(pulled!.path)).toEqual(await cardAt(first!.path));
  });

  test("a model that is not the one of its card is refused before anything is written", async () => {
    const group = at("spoilt");
    await rm(group, { recursive: true, force: true });
    await addToLibrary(at("source"), { name: "good", library: group });
    await addToLibrary(at("source"), { name: "spoilt", library: group });
    const bytes = await readFile(join(group, "spoilt", "model.onnx"));
    bytes[bytes.length - 100]! ^= 1;
    await writeFile(join(group, "spoilt", "model.onnx"), bytes);
    await expect(pullFromLibrary(["all"], { from: group })).rejects.toThrow(/another model than its card says: .*spoilt.*its checksum differs/);
    await expect(readdir(library)).rejects.toThrow("ENOENT");
    await rm(join(group, "spoilt", "model.onnx"));
    await expect(pullFromLibrary(["spoilt"], { from: group })).rejects.toThrow(/cannot read the model: /);
  });

  test.each([
    [["nothing"], {}, /unknown model: "nothing"/],
    [["all"], { from: "/nowhere/at/all" }, /no models there: .* — a library is a folder with a folder for each model/],
    [["./nowhere"], {}, /no model there: \.\/nowhere — a model of a library is a folder with card\.json and model\.onnx/],
  ])("%j from %j is refused", async (names, options, message) => {
    await expect(pullFromLibrary(names, options)).rejects.toThrow(message);
  });
});

describe("a study that learns from the library", () => {
  test("by hidden layers: every network into every learner, ranked; the run holds all it needs and predicts without the library", { timeout: 120_000 }, async () => {
    await addToLibrary(at("source"), { name: "law" });
    await rm(at("shotgun"), { recursive: true, force: true });
    const summary = await run("shotgun", study("few.csv", "model: shotgun, options: { learners: [linear, forest] }", "transfer: { library: [law] }\n"));
    expect(summary.lines.join("\n")).toMatch(/^y: transfer by /m);
    const { transfer } = JSON.parse(await readFile(at("shotgun", "validation.json"), "utf8")) as { readonly transfer: readonly { readonly scores: readonly { readonly method: string; readonly rmse: number }[] }[] };
    const scores = transfer[0]!.scores;
    expect(scores.map(({ method }) => method).toSorted()).toEqual(["none", "source:law forest", "source:law linear"]);
    const rmse = (method: string) => scores.find((score) => score.method === method)!.rmse;
    expect(Math.min(rmse("source:law linear"), rmse("source:law forest"))).toBeLessThan(0.7 * rmse("none"));
    expect(await readFile(at("shotgun", "report.html"), "utf8")).toContain("source:law linear");

    await rm(library, { recursive: true });
    expect((await resumeRun(at("shotgun"), host, quiet)).lines).toEqual(summary.lines);
    await writeFile(at("new.csv"), rows(3, 60, (v) => String(2 + 0.8 * v)));
    const errorOf = async (name: string) => {
      const { text } = await predictTable(at(name, "model.json"), at("new.csv"), {}, quiet);
      const table = parse<Record<string, string>>(text, { columns: true });
      return Math.sqrt(table.reduce((sum, row) => sum + (Number(row["y_mean"]) - Number(row["y"])) ** 2, 0) / table.length);
    };
    // On new materials too, against the linear model of the descriptors alone.
    expect(await errorOf("shotgun")).toBeLessThan(0.75 * (await errorOf("linear")));
  });

  test("hidden layers are what `as` or shotgun asks for; predictions otherwise", { timeout: 120_000 }, async () => {
    await addToLibrary(at("source"), { name: "law" });
    for (const [name, more, wanted] of [["as-layers", ", as: layers", "law: layer 1 unit 1"], ["as-predictions", "", "law: y"]] as const) {
      await run(name, study("few.csv", "model: linear", `transfer: { library: [law]${more} }\n`));
      expect(await readFile(at(name, "model.json"), "utf8")).toContain(wanted);
    }
  });

  test.each(["model: shotgun, options: { learners: [linear] }", "model: linear"])("%s has no network of its own, whatever its sources have", { timeout: 120_000 }, async (learn) => {
    const name = `bare-${learn.slice(7, 11)}`;
    await run(name, study("few.csv", learn, "transfer: { sources: { law: source/model.json } }\n"));
    expect((await readdir(at(name))).filter((file) => file.endsWith(".onnx"))).toEqual([]);
    await expect(addToLibrary(at(name), {})).rejects.toThrow(/no network in .* — a library holds networks/);
  });

  test("a network that reads what sources say stands in no library; as a source it tells its predictions", { timeout: 120_000 }, async () => {
    await run("upon", study("few.csv", "model: mlp, options: { members: 1, hidden: [4], epochs: 3 }", "transfer: { sources: { law: source/model.json } }\n"));
    expect((await readdir(at("upon"))).filter((file) => file.endsWith(".onnx"))).toEqual(["model.onnx"]);
    await expect(addToLibrary(at("upon"), {})).rejects.toThrow(/a network that reads its sources: .*upon — /);
    await run("layered", study("few.csv", "model: linear", "transfer: { sources: { upon: upon/model.json }, as: layers }\n"));
    expect(await readFile(at("layered", "model.json"), "utf8")).toContain("upon: y");
  });

  test.each([
    ["library: [laww]", /unknown model of the library: "laww" — .*law/],
    ["library: [law], sources: { law: source/model.json }", /two sources of one name: law/],
    ["library: [polymer-density]", /another domain: polymer — the source polymer-density reads the descriptor physchem, which domain: composition does not have/],
    ["library: some", /transfer/],
    ["as: layers", /transfer/],
  ])("transfer: { %s } is told before the work", async (transfer, message) => {
    await addToLibrary(at("source"), { name: "law" });
    await writeFile(at("wrong.yaml"), study("few.csv", "model: shotgun", `transfer: { ${transfer} }\n`));
    await expect(loadStudy(at("wrong.yaml"))).rejects.toThrow(message);
  });

  test("is told how many of its materials a source has learnt from, where the source says so", { timeout: 120_000 }, async () => {
    await addToLibrary(at("source"), { name: "open" });
    await addToLibrary(at("source"), { name: "closed", unseen: true });
    expect(await readdir(join(library, "closed"))).not.toContain("seen.bin");
    const materials = async (name: string) => (JSON.parse(await readFile(at(name, "validation.json"), "utf8")) as { readonly materials: readonly string[] }).materials;
    const many = new Set(await materials("source"));
    const common = (await materials("linear")).filter((text) => many.has(text)).length;
    expect(common).toBeGreaterThan(0);
    const { lines } = await run("overlap", study("few.csv", "model: linear", "transfer: { library: [open, closed] }\n"));
    expect(lines.join("\n")).toContain(`warning: open learnt from ${common} of these ${(await materials("linear")).length} materials: figures out of fold are then better`);
    // The same of a finished run as a source; one of other materials is quiet.
    await writeFile(at("apart.csv"), "formula,y\n" + Array.from({ length: 12 }, (_, i) => `Na${i + 70}Cl3,${i % 5}`).join("\n"));
    const apart = await run("apart", study("apart.csv", "model: linear", "transfer: { sources: { run: source/model.json } }\n"));
    expect(apart.lines.join("\n")).not.toContain("warning: run learnt");
    const again = await run("again", study("few.csv", "model: linear", "transfer: { sources: { run: source/model.json } }\n"));
    expect(again.lines.join("\n")).toContain(`warning: run learnt from ${common} of these`);
    expect((await resumeRun(at("again"), host, quiet)).lines).toEqual(again.lines);
  });

  test("all means every model that reads this kind of material; one that cannot be read is not passed over", async () => {
    await addToLibrary(at("source"), { name: "law" });
    await writeFile(at("all.yaml"), study("few.csv", "model: shotgun", "transfer: { library: all }\n"));
    const names = (await loadStudy(at("all.yaml"))).sources.map(({ name }) => name);
    expect(names).toContain("law");
    expect(names.some((name) => name.startsWith("polymer-"))).toBe(false);
    await rewrite(join(library, "law"), (card) => delete card["sha256"]);
    await expect(loadStudy(at("all.yaml"))).rejects.toThrow(/a model of the library cannot be read: no card of a model: .*law/);
  });
});
