/* `tatara library`: what a user sees of the models that come with the program, and of their own. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith, tatara } from "./tatara.ts";

test.each([["list"], ["add"], ["pull"]])("the help of library %s has an example", async (command) => {
  const { code, stdout, stderr } = await tatara(["library", command, "--help"], await folderWith());
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(new RegExp(`Usage: tatara library ${command}[\\s\\S]*Examples?:\\n  tatara library ${command}`));
});

test("a network is added from its run, listed, pulled into another library, and refused a second time", { timeout: 120_000 }, async () => {
  const folder = await folderWith();
  const network = ["--set", "learn.model=mlp", "--set", "learn.options={ members: 1, hidden: [4], epochs: 3 }"];
  expect(await tatara(["run", "study.yaml", ...network], folder)).toMatchObject({ code: 0 });
  const add = ["library", "add", "runs/study-1", "--name", "mine", "--data-licence", "CC0", "--library", "own"];
  expect(await tatara(add, folder)).toMatchObject({ code: 0, stdout: `mine: ${join(folder, "own", "mine")}\n`, stderr: "" });
  expect(await tatara(add, folder)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/there is a model of this name already: .*mine — give it another name with --name, or write over it with --force/) as string });

  const listed = await tatara(["library", "list", "--library", "own"], folder);
  expect(listed).toMatchObject({ code: 0, stderr: "" });
  expect(listed.stdout).toMatch(/^name +domain +predicts +rows +R² +descriptors +data licence +where\nmine +molecule +y +20 .* physchem +CC0 +own\n/);
  expect(listed.stdout).toMatch(/\npolymer-density +polymer +density \[g\/cm\^3\] +862 .* shipped\n/);
  const json = JSON.parse((await tatara(["library", "list", "mine", "--json", "--library", "own"], folder)).stdout) as readonly { readonly card: { readonly data: { readonly licence: string } } }[];
  expect(json.map(({ card }) => card.data.licence)).toEqual(["CC0"]);

  expect(await tatara(["library", "pull", "mine", "--from", "own", "--library", "other"], folder)).toMatchObject({ code: 0, stdout: `mine: ${join(folder, "other", "mine")}\n` });
  expect((await readdir(join(folder, "other", "mine"))).toSorted()).toEqual(["card.json", "model.onnx", "seen.bin"]);
});

test.each([
  [["list", "polymer-densty"], /unknown model: "polymer-densty" — did you mean "polymer-density"\?/],
  [["list", "polymer-densty", "--json"], /unknown model: "polymer-densty" — did you mean "polymer-density"\?/],
  [["list", "--library", "nowhere"], /no library there: .*nowhere — a library is a folder with a folder for each model/],
  [["list", "polymer-density", "--library", "nowhere", "--json"], /no library there: .*nowhere/],
  [["pull", "nothing", "--library", "own"], /unknown model: "nothing" — /],
  [["add", "nowhere", "--library", "own"], /no such model: .*nowhere.*— name the model\.json of a run/],
  [["remove"], /unknown command 'remove'/],
])("library %j is one sentence and exit code 2", async (args, message) => {
  expect(await tatara(["library", ...args], await folderWith())).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(message) as string });
});
