import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** A thread with a hot loop, and what V8 tells of loops that are replaced on the stack. */
function replacements(before: string): readonly string[] {
  const loop = `let s = 0.5; for (let i = 0; i < 3e7; i++) s = s * 0.999 + i; console.log(s)`;
  const program = `${before}; const { Worker } = await import("node:worker_threads"); new Worker(${JSON.stringify(loop)}, { eval: true });`;
  const { stdout, status } = spawnSync(process.execPath, ["--trace-opt", "--trace-osr", "--input-type=module", "-e", program], { encoding: "utf8" });
  expect(status).toBe(0);
  return stdout.split("\n").filter((line) => /compiling .*OSR/i.test(line));
}

const guard = `await import(${JSON.stringify(new URL("../../src/executors/runtime.ts", import.meta.url).href)})`;

test("threads replace no loop by Maglev's code", (context) => {
  const usual = replacements("");
  if (!usual.some((line) => line.includes("MAGLEV"))) context.skip("this Node does not replace loops by Maglev's code");
  const guarded = replacements(guard);
  expect(guarded.filter((line) => line.includes("MAGLEV"))).toEqual([]);
  // The loop is still compiled.
  expect(guarded.some((line) => line.includes("TURBOFAN"))).toBe(true);
});
