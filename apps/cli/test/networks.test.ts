/* Networks on a machine without onnxruntime: whoever asks for them gets them, more slowly, and is told. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { BIN, expectNoTrace, folderWith, start, STUDY, tatara } from "./tatara.ts";

const WITHOUT = [process.execPath, "--import", new URL("withoutOnnxruntime.ts", import.meta.url).href, BIN];
const small = STUDY.replace("model: linear, folds: 2, split: random", "model: mlp, folds: 2, split: random, splits: [], options: { members: 2, hidden: [8], epochs: 10 }");

test("where onnxruntime-node cannot be found perceptrons are trained and asked all the same, and one line says why it takes longer", async () => {
  expect(small).toContain("mlp");
  const folder = await folderWith({ "study.yaml": small, "new.csv": "smiles\nCCCC\nCCCCO\n" });
  const run = await start(["run", "study.yaml", "--out", "out"], folder, WITHOUT).ended;
  expectNoTrace(run);
  expect([run.code, run.stderr]).toEqual([0, expect.stringContaining("warning: onnxruntime cannot be used (Cannot find package 'onnxruntime-node'): networks are trained by the interpreter, many times slower")]);
  expect(run.stdout + run.stderr).toMatch(/y: mlp, R²/);
  const there = await start(["predict", join("out", "model.json"), "new.csv"], folder, WITHOUT).ended;
  expect([there.code, there.stdout.trim().split("\n").length]).toEqual([0, 3]);
  // The same file is read with onnxruntime, to nearly the same numbers.
  const here = await tatara(["predict", join("out", "model.json"), "new.csv"], folder);
  const means = ({ stdout }: { readonly stdout: string }) => stdout.trim().split("\n").slice(1).map((line) => Number(line.split(",")[1]));
  expect(means(here).every(Number.isFinite)).toBe(true);
  means(here).forEach((v, i) => expect(Math.abs(v - means(there)[i]!)).toBeLessThan(1e-3));
}, 60_000);

const layers = `${STUDY}transfer: { library: [molecule-gap], as: layers }\n`;

test.each([
  ["a network by name", small],
  ["hidden layers of a source", layers],
  ["what a source that is a network predicts", layers.replace("layers", "predictions")],
  ["a network among the ways of curves", `${STUDY.replace("study: fit", "study: curves")}curves: { sizes: [8], repeats: 1, without: [linear, mlp] }\n`],
  ["a network around which transfer is compared", `${layers.replace("study: fit", "study: curves")}curves: { sizes: [8], repeats: 1, without: [linear], with: [{ model: transfer, options: { learner: mlp, method: augmented } }] }\n`],
])("check tells it before the work: %s", async (_, study) => {
  const folder = await folderWith({ "study.yaml": study });
  const { code, stdout } = await start(["check", "study.yaml"], folder, WITHOUT).ended;
  expect([code, stdout]).toEqual([0, expect.stringContaining("# warning: onnxruntime cannot be used")]);
}, 30_000);

test("a run tells it where its sources are the only networks", async () => {
  const folder = await folderWith({ "study.yaml": layers });
  const { code, stderr } = await start(["run", "study.yaml"], folder, WITHOUT).ended;
  expect([code, stderr]).toEqual([0, expect.stringContaining("warning: onnxruntime cannot be used")]);
}, 60_000);
