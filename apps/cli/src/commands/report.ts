import type { Command } from "commander";
import { renderReport } from "@tatara/studies/tasks";
import { openHost } from "../host.ts";

export function addReport(program: Command): void {
  program
    .command("report")
    .description("write report.html of a run anew from its files")
    .argument("<dir>", "run directory")
    .addHelpText("after", "\nExample:\n  tatara report runs/optical-polymers-1")
    .action(async (dir: string) => {
      const host = openHost();
      try {
        const path = await renderReport(dir, host.ctx);
        host.close();
        process.stdout.write(`${path}\n`);
      } finally {
        host.close();
      }
    });
}
