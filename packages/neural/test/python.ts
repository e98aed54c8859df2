/* The Python that has torch, where there is one: Debian's python3-torch belongs to its own interpreter. */
import { spawnSync } from "node:child_process";

export const torchPython: string | undefined = ["python3", "/usr/bin/python3"].find((python) => spawnSync(python, ["-c", "import torch"], { timeout: 60_000 }).status === 0);

/** Run a script with JSON in and out. */
export function askPython(python: string, script: string, input: unknown): unknown {
  const { status, stdout, stderr } = spawnSync(python, [script], { input: JSON.stringify(input), encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`);
  return JSON.parse(stdout);
}
