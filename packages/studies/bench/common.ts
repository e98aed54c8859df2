/*
 * What the science benches share: where the real data lie, and a study run from plain data in a fresh
 * directory. Data are looked for in ../shared/data beside the repository, and never copied into it.
 */
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Context } from "@tatara/engine/base";
import { runStudy, studyOf, type RunSummary } from "@tatara/studies/tasks";

/** A real data set, or a sentence and the end of the process when it is not there. */
export function realData(path: string): string {
  const full = fileURLToPath(new URL(`../../../../shared/data/${path}`, import.meta.url));
  if (existsSync(full)) return full;
  console.log(`skipped: the real data are not here (${path} is looked for in ../shared/data beside the repository)`);
  process.exit(0);
}

/** A context that says now and then where it stands. */
export function talkative(): Context {
  let last = 0;
  return {
    signal: new AbortController().signal,
    report: ({ stage, done, total, note }) => {
      if (performance.now() - last < 10_000) return;
      last = performance.now();
      process.stderr.write(`  ${stage} ${done}${total === undefined ? "" : `/${total}`} ${note ?? ""}\n`);
    },
    keep: () => {},
    now: () => performance.now(),
    breathe: () => new Promise((resolve) => void setImmediate(resolve)),
  };
}

/** Run a study given as plain data; prints its lines and returns its summary. */
export async function runPlain(study: Readonly<Record<string, unknown>>, { verify = false }: { readonly verify?: boolean } = {}): Promise<RunSummary> {
  const name = String(study["name"] ?? "bench");
  const out = join(mkdtempSync(join(tmpdir(), `tatara-${name}-`)), "run");
  const loaded = await studyOf(study, { name });
  const started = performance.now();
  const summary = await runStudy(loaded, { out, verify, say: (text) => console.log(text) }, talkative());
  console.log(summary.lines.map((line) => `  ${line}`).join("\n"));
  console.log(`  ${((performance.now() - started) / 1000).toFixed(1)} s in all; ${summary.path}`);
  return summary;
}
