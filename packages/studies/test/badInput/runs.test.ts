/*
 * Whole runs over bad data and into bad places: what is refused leaves nothing behind, what is reported
 * costs nothing else, and what the disk refuses is told in words.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { quiet } from "@tatara/engine/base";
import { createRun, makeDirectory, writeAtomic } from "@tatara/studies/runs";
import { loadStudy, renderReport, resumeRun, runStudy } from "@tatara/studies/tasks";
import { attempt, expectSentence, fitText, GOOD, invertText, newFolder, place, tableOf, tableWith } from "./bench.ts";

describe("data that no model can be learnt from is refused, and no run is left", () => {
  test.each<[string, string, string, RegExp]>([
    ["a constant target", tableWith(() => "3"), fitText(), /constant target: property "y" is 3 in every row/],
    ["one class only", tableWith(() => "a"), fitText(["y: {}", "y: { kind: class }"], ["linear", "forest"]), /constant target: property "y" is "a" in every row/],
    ["a single row", "smiles,y\nC,1\n", fitText(), /too few materials: 1 — 2 folds need at least as many/],
    ["two rows", "smiles,y\nC,1\nCC,2\n", fitText(), /too few values: property "y" is known in 2 rows — a model needs at least 10/],
    ["fewer rows than folds", "smiles,y\nC,1\nCC,2\nCCC,3\n", fitText(["folds: 2", "folds: 5"]), /too few materials: 3 — 5 folds/],
    ["integers of 300 digits", tableWith((i) => `1${"0".repeat(300)}${i}`), fitText(), /no number in column "y" — the first cell reads "10+…"; too large to compute with: .*row 1, line 2 of .*t\.csv/],
    ["a property known in one row", tableWith((i) => `${i},${i === 3 ? 5 : ""}`, "smiles,y,z"), fitText(["y: {}", "y: {}, z: {}"]), /too few values: property "z" is known in 1 rows/],
    ["one group only", tableWith((i) => `${i},a`, "smiles,y,lab"), fitText(["table: t.csv", "table: t.csv, group: lab"], ["random", "group"]), /too many folds: 2 — there are 1 groups/],
    ["a column that is not there", tableOf(), fitText(["y: {}", "z: {}"]), /no such column: "z"/],
  ])("%s", async (_, table, study, message) => {
    const { error, left, out } = await attempt(study, table);
    expectSentence(error, message);
    expect(left).toEqual([]);
    expect(existsSync(out)).toBe(false);
  });

  test("only bad rows: every reason is kept", async () => {
    const { error, rejected, out } = await attempt(fitText(), "smiles,y\nxx,1\nC1,2\nC,high\nCC,2,3\nCCC,NaN\nN,7\n".replace("N,7\n", ""));
    expectSentence(error, /no usable row: all 5 rows/);
    expect((error as Error).message).toContain(join(out, "rejected.csv"));
    expect(rejected.map(({ row, line, value, used }) => [row, line, value, used])).toEqual([["1", "2", "xx", "no"], ["2", "3", "C1", "no"], ["3", "4", "high", "no"], ["4", "5", "CC,2,3", "no"], ["5", "6", "NaN", "no"]]);
  });
});

test("a run over half a table of rubbish uses the other half, and lists the rubbish", async () => {
  const rubbish = ["C1CC,1", "CF,inf", "CF,<5", "OCC,99", "x,y,z", `${"C".repeat(2000)},1`, `${"C(C)".repeat(500)},1`, ",3"];
  const { error, summary, rejected, left } = await attempt(fitText(), tableOf(rubbish));
  expect(error).toBeUndefined();
  expect(rejected.map(({ row }) => Number(row))).toEqual(rubbish.map((_, i) => GOOD.length + 1 + i));
  expect(rejected.map(({ used }) => used)).toEqual(["no", "no", "no", "merged", "no", "no", "no", "no"]);
  expect(summary!.results).toMatchObject({ materials: GOOD.length, refused: 7, merged: 1 });
  expect(summary!.lines[0]).toBe(`${GOOD.length} materials from ${GOOD.length + rubbish.length} rows; 7 rows refused, see rejected.csv; 1 duplicate merged`);
  expect(left.toSorted()).toEqual(["checkpoint", "journal.jsonl", "model.json", "rejected.csv", "report.html", "report.json", "run.json", "study.yaml", "validation.json"]);
});

test("structures that are hard to read neither hang nor kill a run", async () => {
  const cages = ["c12c3c4c5c1c1c6c7c2c2c8c3c3c9c4c4c%10c5c5c1c1c6c6c%11c7c2c2c7c8c3c3c8c9c4c4c9c%10c5c5c1c1c6c6c%11c2c2c7c3c3c8c4c4c9c5c1c1c6c2c3c41", "C12C3C4C1C5C2C3C45", `C${"(C".repeat(150)}${")".repeat(150)}`, "C1CC1".repeat(100), `${"C%10".repeat(2)}${"CC%11C%11".repeat(30)}`, `[${"9".repeat(300)}C]`, `C${"=".repeat(300)}C`, "[C+99]", "[H][H]", "[U]", `${"[Na+].".repeat(90)}[Cl-]`];
  const { error, summary, rejected } = await attempt(fitText(), tableOf(cages.map((smiles, i) => `${smiles},${1 + i / 10}`)));
  expect(error).toBeUndefined();
  const { materials, refused } = summary!.results as { materials: number; refused: number };
  expect(materials + refused).toBe(GOOD.length + cages.length);
  expect(materials).toBeGreaterThanOrEqual(GOOD.length + 3);
  for (const { reason } of rejected) expect(reason).toMatch(/.{10,}/);
});

test("a target far outside the data is refused with what the data hold", async () => {
  const { error } = await attempt(invertText(['">= 3"', '">= 1e9"']), tableOf());
  expectSentence(error, /y.*1e\+?9|y.*1000000000/);
});

test("what cannot be verified is told before anything is learnt", async () => {
  const verify = async (study: string): Promise<unknown> => {
    const { study: file, folder } = await place(study, tableOf());
    const error = await runStudy(await loadStudy(file), { out: join(folder, "out"), verify: true, say: () => {} }, quiet).catch((e: unknown) => e);
    expect(await readdir(folder)).not.toContain("out");
    return error;
  };
  expectSentence(await verify(fitText()), /nothing to verify: a fit designs no materials/);
  expectSentence(await verify(invertText()), /no calculator made this table — say which one can recompute it/);
  expectSentence(await verify(`${invertText()}verify: { calculator: xtb }\n`), /cannot verify y: xtb computes .* — run without --verify/);
});

describe("places that cannot be written to", () => {
  const run = async (out: string): Promise<unknown> => {
    const { study } = await place(fitText(), tableOf());
    return runStudy(await loadStudy(study), { out, verify: false, say: () => {} }, quiet).catch((error: unknown) => error);
  };

  test("a directory that is not empty, and a file, are never touched", async () => {
    const folder = await newFolder();
    await writeFile(join(folder, "mine.txt"), "mine");
    expectSentence(await run(folder), /the output directory is not empty: .* — choose another, or continue that run with `tatara resume/);
    expectSentence(await run(join(folder, "mine.txt")), /the output is a file: .*mine\.txt — name a new directory/);
    expect(await readdir(folder)).toEqual(["mine.txt"]);
    expect(await readFile(join(folder, "mine.txt"), "utf8")).toBe("mine");
  });

  test("a directory below a file", async () => {
    const folder = await newFolder();
    await writeFile(join(folder, "f"), "");
    expectSentence(await run(join(folder, "f", "below", "it")), /cannot write .*: a part of the path is a file — choose another directory/, 5);
  });

  test.skipIf(!existsSync("/proc/self"))("a directory that the system does not let anyone make", async () => {
    expectSentence(await run("/proc/none/out"), /cannot write \/proc\/none.*: /, 5);
  });

  test("a name that is too long", async () => {
    expectSentence(await run(join(await newFolder(), "x".repeat(300))), /cannot write .*: the path is too long/, 5);
  });

  test("a link to itself", async () => {
    const folder = await newFolder();
    execFileSync("ln", ["-s", "loop", join(folder, "loop")]);
    expectSentence(await run(join(folder, "loop", "out")), /cannot write .*: the path runs in circles/, 5);
  });

  const disk = smallDisk();
  test.skipIf(disk === undefined)("a full disk: told in words, what was written before is whole, and resume goes on (skipped where no small disk can be mounted)", async () => {
    const { study } = await place(fitText(), tableOf());
    const out = join(disk!.path, "out");
    try {
      await makeDirectory(out);
      const error = await runStudy(await loadStudy(study), { out, verify: false, say: () => {} }, quiet).catch((e: unknown) => e);
      expectSentence(error, /cannot write .*: the disk is full — free some space, then `tatara resume` goes on/, 5);
      const left = await readdir(out);
      expect(left.filter((name) => name.startsWith("."))).toEqual([]);
      for (const name of left.filter((file) => file.endsWith(".json"))) expect(() => JSON.parse(execFileSync("cat", [join(out, name)], { encoding: "utf8" })) as unknown).not.toThrow();
      disk!.grow();
      const summary = await resumeRun(out, { verify: false, say: () => {} }, quiet);
      expect(summary.results).toMatchObject({ materials: GOOD.length });
    } finally {
      disk!.remove();
    }
  });

  test.skipIf(!existsSync("/dev/full"))("a device that is always full keeps no file from being a device", async () => {
    expectSentence(await writeAtomic("/dev/full", "x".repeat(100_000)).catch((e: unknown) => e), /cannot write \/dev\/full: the disk is full/, 5);
    await writeAtomic("/dev/null", "x");
    expect(existsSync("/dev/full") && existsSync("/dev/null")).toBe(true);
  });
});

describe("directories that are no run", () => {
  test.each<[string, (folder: string) => Promise<string>, RegExp]>([
    ["one that is not there", async (folder) => join(folder, "none"), /no run there: .*none — name a directory that `tatara run` made/],
    ["an empty one", async (folder) => folder, /no run there/],
    ["a file", async (folder) => (await writeFile(join(folder, "f"), "x"), join(folder, "f")), /no run there/],
    ["one whose study is rubbish", async (folder) => (await writeFile(join(folder, "study.yaml"), "study: [fit"), folder), /study\.yaml:\d+:\d+: not valid YAML/],
    ["one whose study is a directory", async (folder) => (await mkdir(join(folder, "study.yaml")), folder), /no run there/],
    ["one whose record is rubbish", async (folder) => (await writeFile(join(folder, "study.yaml"), fitText(["t.csv", (await place("", tableOf())).table])), await writeFile(join(folder, "run.json"), "{"), folder), /run\.json/],
  ])("%s", async (_, make, message) => {
    const folder = await newFolder();
    const path = await make(folder);
    expectSentence(await resumeRun(path, { verify: false, say: () => {} }, quiet).catch((e: unknown) => e), message);
    expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("a report of no run", async () => {
    expectSentence(await renderReport(await newFolder(), quiet).catch((e: unknown) => e), /no finished run there: .* — run it to the end first: tatara resume/);
  });

  test("data that changed since the run began", async () => {
    const { study, table, folder } = await place(fitText(), tableOf());
    const out = join(folder, "out");
    await runStudy(await loadStudy(study), { out, verify: false, say: () => {} }, quiet);
    await writeFile(table, tableOf(["CCF,3"]));
    expectSentence(await resumeRun(out, { verify: false, say: () => {} }, quiet).catch((e: unknown) => e), /the data have changed since this run began: .*t\.csv — restore the table, or begin a new run/);
  });

  test("a run that another process holds", async () => {
    const run = await createRun({ name: "held", parent: await newFolder() });
    await run.write("study.yaml", fitText());
    await writeFile(join(run.path, ".lock"), "1");
    expectSentence(await resumeRun(run.path, { verify: false, say: () => {} }, quiet).catch((e: unknown) => e), /another process works on this run: .* \(process 1\) — wait until it ends/);
    expect(await readFile(join(run.path, ".lock"), "utf8")).toBe("1");
  });
});

/** A disk of 100 kB in memory, where root may mount one. */
function smallDisk(): { readonly path: string; grow(): void; remove(): void } | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return undefined;
  try {
    const path = execFileSync("mktemp", ["-d"], { encoding: "utf8" }).trim();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=100k", "tatara-test", path], { stdio: "ignore" });
    return {
      path,
      grow: () => void execFileSync("mount", ["-o", "remount,size=8m", path], { stdio: "ignore" }),
      remove: () => void execFileSync("umount", ["-l", path], { stdio: "ignore" }),
    };
  } catch {
    return undefined;
  }
}
