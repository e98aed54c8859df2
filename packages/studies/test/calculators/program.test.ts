import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { cached } from "../../src/calculators/cache.ts";
import { isMissing, runProgram } from "../../src/calculators/program.ts";
import { withScratch } from "../../src/calculators/scratch.ts";

const directory = mkdtempSync(join(tmpdir(), "tatara-test-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const never = new AbortController().signal;
const sleepers = (marker: string): number => readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(marker)).length;
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

test("arguments reach the program as they are, with no shell between", async () => {
  const { status, output } = await runProgram({ command: process.execPath, args: ["-e", "console.log(process.argv[1])", "$(echo no); a b"], directory, signal: never });
  expect([status, output]).toEqual([0, "$(echo no); a b\n"]);
});

test("a missing program is told from one that fails", async () => {
  const error = await runProgram({ command: "no-such-program", args: [], directory, signal: never }).catch((e: unknown) => e);
  expect(isMissing(error)).toBe(true);
  expect((await runProgram({ command: process.execPath, args: ["-e", "process.exit(3)"], directory, signal: never })).status).toBe(3);
});

test.skipIf(process.platform !== "linux")("an abort kills the program and its children", async () => {
  const marker = `31.${process.pid}`;
  const stop = new AbortController();
  const run = runProgram({ command: "sh", args: ["-c", `sleep ${marker} & sleep ${marker}`], directory, signal: stop.signal });
  while (sleepers(marker) < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort(new Error("stopped by hand"));
  await expect(run).rejects.toThrow("stopped by hand");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(sleepers(marker)).toBe(0);
});

test("a scratch directory is gone after success and after an error", async () => {
  const kept: string[] = [];
  await withScratch(async (scratch) => {
    kept.push(scratch);
    writeFileSync(join(scratch, "x"), "x");
  });
  await withScratch(async (scratch) => {
    kept.push(scratch);
    throw new Error("no");
  }).catch(() => {});
  expect(kept.map((scratch) => existsSync(scratch))).toEqual([false, false]);
});

const name = { calculator: "c", version: "1", settings: { level: "loose" }, structure: "C", key: { hi: 0, lo: 1 } };
const counted = () => {
  const calls = { n: 0 };
  return { calls, compute: async () => ({ values: { gap: ++calls.n }, by: "c 1" }) };
};

test("a result is computed once for one structure, setting, version and key", async () => {
  const { calls, compute } = counted();
  const first = await cached(directory, name, compute);
  expect(await cached(directory, { ...name }, compute)).toEqual(first);
  expect(calls.n).toBe(1);
  for (const other of [{ ...name, structure: "N" }, { ...name, version: "2" }, { ...name, settings: { level: "tight" } }, { ...name, key: { hi: 0, lo: 2 } }]) await cached(directory, other, compute);
  expect(calls.n).toBe(5);
});

test("a damaged file is computed anew, and no temporary file stays", async () => {
  const place = join(directory, "damaged");
  const { calls, compute } = counted();
  await cached(place, name, compute);
  const [folder] = readdirSync(place);
  const [file] = readdirSync(join(place, folder!));
  writeFileSync(join(place, folder!, file!), '{"result": {"val');
  await cached(place, name, compute);
  expect(calls.n).toBe(2);
  expect(readdirSync(join(place, folder!))).toEqual([file]);
});

test("a broken-down calculation is remembered, a time limit is not", async () => {
  const place = join(directory, "failures");
  let calls = 0;
  const fail = (kind: "calculation" | "time") => () => Promise.resolve({ failure: `${kind} ${++calls}`, kind });
  for (const _ of [1, 2]) await cached(place, { ...name, structure: "a" }, fail("calculation"));
  expect(calls).toBe(1);
  for (const _ of [1, 2]) await cached(place, { ...name, structure: "b" }, fail("time"));
  expect(calls).toBe(3);
});
