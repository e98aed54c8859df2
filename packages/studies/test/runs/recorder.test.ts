/* What run.json says of a run: where it stands, and how long its stages took. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { quiet, type Context } from "@tatara/engine/base";
import type { RunRecord } from "@tatara/studies/runs";
import { loadStudy, resumeRun, runStudy } from "@tatara/studies/tasks";
import { fitText, place, tableOf } from "../badInput/bench.ts";

const host = { verify: false, say: () => {} };
const recordOf = async (run: string) => JSON.parse(await readFile(join(run, "run.json"), "utf8")) as RunRecord;

/** A context whose clock counts `step` ms with each question. */
function ticking(step: number): Context {
  let t = 0;
  return { ...quiet, now: () => (t += step) };
}

test("a run that was asked to stop says interrupted, and done once it was resumed", async () => {
  const { study, folder } = await place(fitText(), tableOf());
  const out = join(folder, "out");
  const stop = new AbortController();
  const gone = new Error("stopped");
  await expect(runStudy(await loadStudy(study), { out, ...host }, { ...quiet, signal: stop.signal, report: ({ stage }) => void (stage.startsWith("learn") && stop.abort(gone)) })).rejects.toBe(gone);
  expect((await recordOf(out)).status).toBe("interrupted");
  expect((await readFile(join(out, "journal.jsonl"), "utf8")).trim().split("\n").at(-1)).toContain('"event":"interrupted"');
  await resumeRun(out, host, quiet);
  expect((await recordOf(out)).status).toBe("done");
});

test("a run in which something broke says failed", async () => {
  const { study, folder } = await place(fitText(), tableOf());
  const out = join(folder, "out");
  await expect(runStudy(await loadStudy(study), { out, ...host }, { ...quiet, report: ({ stage }) => { if (stage.startsWith("learn")) throw new RangeError("broken"); } })).rejects.toThrow("broken");
  expect((await recordOf(out)).status).toBe("failed");
});

test("a finished run that is resumed keeps the seconds of its stages, and stays finished when it cannot be told again", async () => {
  const { study, table, folder } = await place(fitText(), tableOf());
  const out = join(folder, "out");
  await runStudy(await loadStudy(study), { out, ...host }, ticking(40));
  const { stages } = await recordOf(out);
  expect(stages.map(({ name }) => name)).toEqual(["read", "describe", "learn", "report"]);
  const { seconds } = await resumeRun(out, host, ticking(7000));
  expect(seconds).toBe(stages.reduce((sum, s) => sum + s.seconds, 0));
  expect((await recordOf(out)).stages).toEqual(stages);

  const csv = await readFile(table, "utf8");
  await rm(table);
  await expect(resumeRun(out, host, quiet)).rejects.toThrow(/no such table/);
  await writeFile(table, `${csv}CCF,3\n`);
  await expect(resumeRun(out, host, quiet)).rejects.toThrow(/the data have changed/);
  expect((await recordOf(out)).status).toBe("done");
});
