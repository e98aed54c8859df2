/* Failures: a sentence on standard error, nothing on standard output, and the exit code that is documented. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InputError, NumericalError, UnsupportedError } from "@tatara/engine/base";
import { StorageError } from "@tatara/studies/runs";
import { EXIT, failureOf } from "../src/failure.ts";
import { Interrupted } from "../src/host.ts";
import { BIN, expectNoTrace, folderWith, start, STUDY, TABLE, tatara } from "./tatara.ts";

test("each kind of failure has the exit code that docs/command-line.md gives", async () => {
  const documented = [...(await readFile(join(import.meta.dirname, "../../../docs/command-line.md"), "utf8")).matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  expect(Object.values(EXIT).toSorted((a, b) => a - b)).toEqual(documented);
  const system = (code: string) => Object.assign(new Error(`${code}: refused`), { code });
  expect([new InputError("x: 1 — y"), new UnsupportedError("x"), new NumericalError("x", { n: 1 }), new StorageError("x"), new Interrupted("x"), new TypeError("x"), system("ENOSPC"), system("EACCES")].map((error) => failureOf(error).code)).toEqual([2, 3, 4, 5, 130, 1, 5, 5]);
});

test("a bug says that it is one, without its stack unless that is asked for", () => {
  expect(failureOf(new TypeError("x is not a function")).message).toMatch(/^this is a bug in tatara: x is not a function — run again with TATARA_DEBUG=1/);
  expect(failureOf(new TypeError("x")).message).not.toMatch(/\n\s+at /);
  expect(failureOf("a text that was thrown")).toMatchObject({ code: 1 });
});

describe("arguments", () => {
  test.each<[string, readonly string[], RegExp, number]>([
    ["no command", [], /^Usage: tatara/, 2],
    ["an unknown command", ["rnu", "study.yaml"], /^error: unknown command 'rnu'\n\(Did you mean run\?\)/, 2],
    ["an unknown option", ["run", "study.yaml", "--sed", "2"], /^error: unknown option '--sed'\n\(Did you mean one of --seed, --set\?\)/, 2],
    ["a missing argument", ["run"], /^error: missing required argument 'study'/, 2],
    ["a missing study", ["run", "none.yaml"], /^error: cannot read the study: none\.yaml — there is no such file/, 2],
    ["a table for a study", ["run", "t.csv"], /^error: .*t\.csv/, 2],
    ["a seed in words", ["run", "study.yaml", "--seed", "abc"], /^error: command line, seed=abc: wrong kind of value: seed is "abc" — a number is needed/, 2],
    ["a negative number of workers", ["run", "study.yaml", "--workers", "-2"], /^error: command line, workers=-2: workers: -2 is out of range — at least 1/, 2],
    ["an assignment that is none", ["run", "study.yaml", "--set", "folds"], /^error: not an assignment: "folds" — write path=value/, 2],
    ["a polluting assignment", ["run", "study.yaml", "--set", "__proto__.x=1"], /^error: not a path: "__proto__\.x"/, 2],
    ["an output below a file", ["run", "study.yaml", "--out", "t.csv/below"], /^error: cannot write .*t\.csv\/below: a part of the path is a file/, 5],
    ["an output that is not empty", ["run", "study.yaml", "--out", "."], /^error: the output directory is not empty: /, 2],
    ["a run that is none", ["resume", "."], /^error: .*study\.yaml|no such table/, 2],
    ["a run that is not there", ["resume", "nowhere"], /^error: no run there: .*nowhere — name a directory that `tatara run` made/, 2],
    ["a template that is none", ["init", "nothing"], /^error: unknown template: "nothing" — there are optical-polymers/, 2],
    ["a directory below a file", ["init", "molecule-fit", "t.csv/x"], /^error: cannot write .*: a part of the path is a file/, 5],
    ["a model that is none", ["predict", "study.yaml", "t.csv"], /^error: cannot read the model: study\.yaml — it is no model\.json of tatara/, 2],
    ["a domain that is none", ["describe", "molecle", "t.csv"], /^error: unknown domain: "molecle" — did you mean "molecule"\?/, 2],
  ])("%s", async (_, args, message, code) => {
    const folder = await folderWith();
    const before = await readdir(folder);
    const result = args[0] === "resume" && args[1] === "." ? await tatara(args, await folderWith({ "study.yaml": "study: [" })) : await tatara(args, folder);
    expect(result.stderr).toMatch(message);
    expect([result.code, result.stdout]).toEqual([code, ""]);
    expect(await readdir(folder)).toEqual(before);
  });
});

describe("data", () => {
  test.each<[string, Readonly<Record<string, string | Uint8Array>>, RegExp]>([
    ["a workbook", { "t.csv": Buffer.from("504b03041400060008000000", "hex") }, /^error: not a text table: .*t\.csv is a zip archive or an Excel workbook; save the sheet as CSV\n$/],
    ["a misspelt column", { "t.csv": TABLE.replace("smiles,y", "smiles,logS"), "study.yaml": STUDY.replace("y: {}", "log_S: {}") }, /^error: no such column: "log_S" in .*t\.csv — did you mean "logS"\?\n$/],
    ["a unit that does not fit", { "t.csv": TABLE.replace("smiles,y", "smiles,y (kJ/mol)"), "study.yaml": STUDY.replace("y: {}", "y: { unit: eV }") }, /error: unit mismatch: column "y \(kJ\/mol\)" is in kJ\/mol, the study says eV/],
    ["a polluting study", { "study.yaml": `${STUDY}__proto__: { x: 1 }\n` }, /^error: study\.yaml:7:1: forbidden key: "__proto__"/],
    ["a constant target", { "t.csv": TABLE.replaceAll(/,\d.*$/gm, ",3") }, /error: study\.yaml:3:37: constant target: property "y" is 3 in every row/],
  ])("%s", async (_, files, message) => {
    const folder = await folderWith(files);
    const result = await tatara(["run", "study.yaml", "--out", "out"], folder);
    expect(result.stderr).toMatch(message);
    expect([result.code, result.stdout]).toEqual([2, ""]);
    expect((await readdir(folder)).toSorted()).toEqual(["study.yaml", "t.csv"]);
  });

  test("check finds what run would find in the table", async () => {
    const folder = await folderWith({ "t.csv": "smiles,z\nCC,1\n" });
    expect(await tatara(["check", "study.yaml"], folder)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/no such column: "y"/) as string });
  });
});

const SLOW = STUDY.replace("model: linear, folds: 2", "model: forest, options: { trees: 20000 }, folds: 5");

test("Ctrl-C during a fit: exit code 130 and how to resume; the resumed run equals an unbroken one; meanwhile no other process may touch it", async () => {
  const folder = await folderWith({ "slow.yaml": SLOW });
  const running = start(["run", "slow.yaml", "--out", "broken"], folder);
  await running.says(/^learn/m);
  running.child.kill("SIGSTOP"); // it holds its lock, and gets no further
  const other = await tatara(["resume", "broken"], folder);
  expect(other).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/another process works on this run: .*broken \(process \d+\) — wait until it ends/) as string });
  running.child.kill("SIGINT");
  running.child.kill("SIGCONT");
  const broken = await running.ended;
  expectNoTrace(broken);
  expect(broken).toMatchObject({ code: 130, stdout: "" });
  expect(broken.stderr).toMatch(/interrupted — continue with `tatara resume .*broken`/);
  const left = await readdir(join(folder, "broken"));
  expect(left).not.toContain("model.json");
  expect(left.filter((name) => name.startsWith("."))).toEqual([]);

  const resumed = await tatara(["resume", "broken"], folder);
  expect(resumed.code).toBe(0);
  expect((await tatara(["run", "slow.yaml", "--out", "whole"], folder)).code).toBe(0);
  for (const file of ["validation.json", "model.json", "rejected.csv"]) expect(await readFile(join(folder, "broken", file), "utf8")).toBe(await readFile(join(folder, "whole", file), "utf8"));
});

test("a run that was killed leaves a lock that is taken over", async () => {
  const folder = await folderWith({ "slow.yaml": SLOW });
  const running = start(["run", "slow.yaml", "--out", "killed"], folder);
  await running.says(/^learn/m);
  running.child.kill("SIGKILL");
  await running.ended;
  expect(await readdir(join(folder, "killed"))).toContain(".lock");
  await writeFile(join(folder, "killed", "study.yaml"), (await readFile(join(folder, "killed", "study.yaml"), "utf8")).replace("trees: 20000", "trees: 10"));
  expect((await tatara(["resume", "killed"], folder)).code).toBe(0);
  expect(await readdir(join(folder, "killed"))).not.toContain(".lock");
});

test("an old Node is told what is missing", async () => {
  const source = await readFile(BIN, "utf8");
  expect(source).toMatch(/process\.exitCode = 3/);
  const folder = await folderWith();
  const pretend = `Object.defineProperty(process.versions, "node", { value: "18.0.0" });`;
  await writeFile(join(folder, "old.mjs"), source.replace(/import\.meta\.url/g, JSON.stringify(`file://${folder}/bin/tatara.js`)).replace("const NEEDED", `${pretend}\nconst NEEDED`));
  const result = await start([join(folder, "old.mjs"), "run", "study.yaml"], folder, [process.execPath]).ended;
  expectNoTrace(result);
  expect(result).toMatchObject({ code: 3, stdout: "", stderr: expect.stringMatching(/^tatara needs Node \d+\.\d+ or later: this is 18\.0\.0 — install a newer Node/) as string });
});
