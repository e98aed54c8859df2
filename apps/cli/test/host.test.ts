/* Progress in words. */
import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { barDisplay, countOf, duration } from "../src/host.ts";

test.each([
  [{ stage: "sample", done: 8 / 3, total: 5 }, "2/5"],
  [{ stage: "sample", done: 5, total: 5 }, "5/5"],
  [{ stage: "sample", done: 0 }, "0"],
])("progress is counted in whole items: %j", (progress, text) => expect(countOf(progress)).toBe(text));

test.each([[45, "45 s"], [200, "3 min 20 s"], [7500, "2 h 5 min"], [-1, "0 s"]])("%d seconds are %s", (seconds, text) => expect(duration(seconds)).toBe(text));

test("before the first step a bar says nothing of the time left, and is empty", async () => {
  const written: string[] = [];
  const terminal = Object.assign(new Writable({ write: (chunk: Buffer, _, done) => (written.push(String(chunk)), done()) }), { isTTY: true, columns: 200 });
  const bar = barDisplay(terminal);
  bar.show({ stage: "sample", done: 0, total: 15 });
  bar.show({ stage: "sample", done: 0, total: 15, note: "beta 0" });
  bar.show({ stage: "read", done: 0 });
  await new Promise((resolve) => setTimeout(resolve, 250));
  bar.close();
  const text = written.join("");
  expect(text).toMatch(/sample.*0%.*0\/15 {2}beta 0/);
  expect(text).not.toMatch(/left|NULL|INF|NaN|100%/);

  written.length = 0;
  const second = barDisplay(terminal);
  second.show({ stage: "learn", done: 0, total: 4 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  second.show({ stage: "learn", done: 1, total: 4 });
  await new Promise((resolve) => setTimeout(resolve, 150));
  second.close();
  expect(written.join("")).toMatch(/25%.*1\/4 {2}\S+\/s {2}\d s left/);
});
