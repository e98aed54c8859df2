import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { createRun, openRun, writeAtomic } from "@tatara/studies/runs";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "tatara-run-"))));

test("runs are numbered and never overwritten", async () => {
  const first = await createRun({ name: "s", parent: folder });
  await first.write("study.yaml", "one");
  const second = await createRun({ name: "s", parent: folder });
  expect([first.path, second.path]).toEqual([join(folder, "s-1"), join(folder, "s-2")]);
  await expect(createRun({ name: "s", out: first.path })).rejects.toThrow(/not empty.*tatara resume/);
  expect(await readFile(join(first.path, "study.yaml"), "utf8")).toBe("one");
});

test("a run that another process holds is refused, one whose process is gone is taken over", async () => {
  const run = await createRun({ name: "s", parent: folder });
  await run.write("study.yaml", "x");
  await run.release();
  await writeFile(join(run.path, ".lock"), "1");
  await expect(openRun(run.path)).rejects.toThrow(/another process works on this run/);
  await writeFile(join(run.path, ".lock"), "999999999");
  await (await openRun(run.path)).release();
});

test.skipIf(!existsSync("/proc/self/stat"))("a process that has ended, and whose parent never asks how, holds no run", async () => {
  const run = await createRun({ name: "s", parent: folder });
  await run.write("study.yaml", "x");
  const parent = spawn("sh", ["-c", "sleep 0.2 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const pid = await new Promise<string>((resolve) => parent.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.trim())));
    await vi.waitFor(async () => expect(await readFile(`/proc/${pid}/stat`, "utf8")).toContain(") Z "));
    await writeFile(join(run.path, ".lock"), pid);
    await (await openRun(run.path)).release();
  } finally {
    parent.kill();
  }
});

test("a directory that is no run is refused", async () => {
  await expect(openRun(folder)).rejects.toThrow(/no run there/);
});

test("data keep infinities, NaN and typed arrays; stale arrays are dropped", async () => {
  const run = await createRun({ name: "s", parent: folder });
  const value = { a: Number.NaN, b: -Infinity, c: Float64Array.of(1, Number.NaN, -0), big: new Float64Array(20_000).fill(Math.PI) };
  await run.save("checkpoint/x.json", value);
  expect(await run.load("checkpoint/x.json")).toEqual(value);
  await run.save("checkpoint/x.json", { ...value, big: new Float64Array(20_000).fill(Math.E) });
  expect((await readdir(join(run.path, "checkpoint"))).filter((f) => f.endsWith(".bin"))).toHaveLength(1);
});

test("a write that fails leaves the old content and no litter", async () => {
  const path = join(folder, "f.txt");
  await writeAtomic(path, "old");
  await expect(writeAtomic(join(folder, "f.txt", "below"), "new")).rejects.toThrow(/a part of the path is a file/);
  expect(await readFile(path, "utf8")).toBe("old");
  expect(await readdir(folder)).toEqual(["f.txt"]);
});

test.skipIf(process.getuid?.() === 0)("a directory without permission is told in words (skipped for root, who may write everywhere)", async () => {
  await chmod(folder, 0o500);
  await expect(createRun({ name: "s", parent: join(folder, "runs") })).rejects.toThrow(/no permission/);
});
