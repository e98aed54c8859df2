import type { Command } from "commander";
import pc from "picocolors";
import { loadStudy, runStudy, type RunSummary } from "@tatara/studies/tasks";
import { duration, Interrupted, openHost } from "../host.ts";

interface RunFlags {
  readonly out?: string;
  readonly seed?: string;
  readonly set: readonly string[];
  readonly workers?: string;
  readonly verify?: boolean;
  readonly json?: boolean;
}

export function addRun(program: Command): void {
  program
    .command("run")
    .description("run a study: fit a model, or design materials backwards")
    .argument("<study>", "study file (YAML, JSON or TOML)")
    .option("--out <dir>", "run directory (default: runs/<study>-<n>; never overwrites)")
    .option("--seed <n>", "seed of every random choice (default: 1)")
    .option("--set <path=value>", "change a field of the study; may be repeated", (value: string, all: readonly string[]) => [...all, value], [] as readonly string[])
    .option("--workers <n>", "worker threads (default: all processors); results do not depend on it")
    .option("--verify", "recompute the best novel candidates with the calculator that made the data")
    .option("--json", "print the summary as JSON")
    .addHelpText("after", "\nExample:\n  tatara run examples/optical-polymers.yaml --set generate.particles=500 --verify")
    .action(async (file: string, flags: RunFlags) => {
      const overrides = [...flags.set, ...(flags.seed === undefined ? [] : [`seed=${flags.seed}`]), ...(flags.workers === undefined ? [] : [`workers=${flags.workers}`])];
      const host = openHost();
      let path = "";
      try {
        const loaded = await loadStudy(file, overrides);
        const summary = await runStudy(loaded, { out: flags.out, verify: flags.verify ?? false, say: host.say, opened: (run) => (path = run) }, host.ctx);
        host.close();
        printSummary(summary, flags.json ?? false);
      } catch (error) {
        host.close();
        if (error instanceof Interrupted && path) process.stderr.write(`interrupted — continue with \`tatara resume ${path}\`\n`);
        throw error;
      }
    });
}

/** The lines that end a run: what was found, and where it lies. */
export function printSummary(summary: RunSummary, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return;
  }
  process.stdout.write(`${summary.lines.join("\n")}\n\n${pc.dim(`${duration(summary.seconds)}; everything is in`)} ${summary.path}\n${summary.report === undefined ? "" : `${pc.bold("report")} ${summary.report}\n`}`);
}
