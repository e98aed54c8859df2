import type { Command } from "commander";
import { resumeRun } from "@tatara/studies/tasks";
import { openHost, Interrupted } from "../host.ts";
import { printSummary } from "./run.ts";

export function addResume(program: Command): void {
  program
    .command("resume")
    .description("continue an interrupted run; the result equals that of an unbroken one")
    .argument("<dir>", "run directory")
    .option("--workers <n>", "worker threads (default: all processors)")
    .option("--verify", "recompute the best novel candidates with the calculator that made the data")
    .option("--json", "print the summary as JSON")
    .addHelpText("after", "\nExample:\n  tatara resume runs/optical-polymers-1")
    .action(async (dir: string, flags: { readonly workers?: string; readonly verify?: boolean; readonly json?: boolean }) => {
      const host = openHost();
      try {
        const summary = await resumeRun(dir, { verify: flags.verify ?? false, say: host.say, ...(flags.workers === undefined ? {} : { workers: flags.workers }) }, host.ctx);
        host.close();
        printSummary(summary, flags.json ?? false);
      } catch (error) {
        host.close();
        if (error instanceof Interrupted) process.stderr.write(`interrupted — continue with \`tatara resume ${dir}\`\n`);
        throw error;
      }
    });
}
