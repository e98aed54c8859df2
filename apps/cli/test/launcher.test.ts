/* Under an old Node the command is a launcher of a newer one: whatever ends the one ends the other, as if there were only one. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, test, vi } from "vitest";
import { BIN, expectNoTrace, folderWith, start, STUDY, tatara, type Running } from "./tatara.ts";

/** Seconds of learning, and none of it kept before its end. */
const SLOW = STUDY.replace("model: linear, folds: 2", "model: forest, options: { trees: 20000 }, folds: 5");
let launcher: string;

/** The command as an old Node sees it; its child sees its own version. */
beforeAll(async () => {
  const source = await readFile(BIN, "utf8");
  const pretend = `if (process.env.TATARA_LAUNCHED === undefined) Object.defineProperty(process.versions, "node", { value: "20.0.0" });`;
  launcher = join(await folderWith(), "tatara.mjs");
  await writeFile(launcher, source.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(BIN).href)).replace("const NEEDED", `${pretend}\nconst NEEDED`));
});

async function learning(folder: string, out: string): Promise<Running> {
  await writeFile(join(folder, "slow.yaml"), SLOW);
  const running = start(["run", "slow.yaml", "--out", out], folder, [process.execPath, launcher], { detached: true });
  await running.says(/^learn/m);
  return running;
}

/** Whether the process that holds a run's lock is there, and is not the launcher. */
async function holderOf(folder: string, out: string, { child }: Running): Promise<number> {
  const holder = Number(await readFile(join(folder, out, ".lock"), "utf8"));
  expect(holder).not.toBe(child.pid);
  return holder;
}

const statusOf = async (folder: string, out: string) => (JSON.parse(await readFile(join(folder, out, "run.json"), "utf8")) as { status: string }).status;

/** Finish a run whose forest is made small, so that it ends soon. */
async function resumes(folder: string, out: string): Promise<void> {
  const study = join(folder, out, "study.yaml");
  await writeFile(study, (await readFile(study, "utf8")).replace("trees: 20000", "trees: 10"));
  expect(await tatara(["resume", out], folder)).toMatchObject({ code: 0 });
  expect(await readdir(join(folder, out))).not.toContain(".lock");
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s to the launcher alone stops the run, which says how to resume it", async (signal) => {
  const folder = await folderWith();
  const running = await learning(folder, "out");
  running.child.kill(signal);
  const ended = await running.ended;
  expectNoTrace(ended);
  expect(ended).toMatchObject({ code: 130, stdout: "", stderr: expect.stringMatching(/interrupted — continue with `tatara resume .*out`\n/) as string });
  expect(await readdir(join(folder, "out"))).not.toContain(".lock");
  expect(await statusOf(folder, "out")).toBe("interrupted");
  await resumes(folder, "out");
  expect(await statusOf(folder, "out")).toBe("done");
});

test("Ctrl-C, which a terminal sends to the launcher and to the run, is one wish to stop", async () => {
  const folder = await folderWith();
  const running = await learning(folder, "out");
  process.kill(-running.child.pid!, "SIGINT");
  const ended = await running.ended;
  expectNoTrace(ended);
  expect(ended).toMatchObject({ code: 130, stdout: "", stderr: expect.stringMatching(/interrupted — continue with `tatara resume .*out`\n/) as string });
  expect(await readdir(join(folder, "out"))).not.toContain(".lock");
});

test("kill -9 of the launcher ends the run too, and leaves it to be resumed", async () => {
  const folder = await folderWith();
  const running = await learning(folder, "out");
  const holder = await holderOf(folder, "out", running);
  running.child.kill("SIGKILL");
  await running.ended; // the streams are the run's too: they close when it ends
  await vi.waitFor(() => expect(() => process.kill(holder, 0)).toThrow(/ESRCH/), { timeout: 5000 });
  await resumes(folder, "out");
});

test("how the run ends is how the launcher ends: its exit code, or the signal that killed it", async () => {
  const folder = await folderWith();
  const done = await start(["check", "study.yaml"], folder, [process.execPath, launcher]).ended;
  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("the study is sound") as string });
  expect(await start(["check", "none.yaml"], folder, [process.execPath, launcher]).ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: cannot read the study/) as string });

  const running = await learning(folder, "out");
  process.kill(await holderOf(folder, "out", running), "SIGKILL");
  expect(await running.ended).toMatchObject({ code: null, signal: "SIGKILL" });
});
