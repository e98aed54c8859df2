import type { Command } from "commander";
import { predictTable } from "@tatara/studies/tasks";
import { openHost } from "../host.ts";

export function addPredict(program: Command): void {
  program
    .command("predict")
    .description("predict a table of materials with a fitted model")
    .argument("<model>", "model.json of a run")
    .argument("<table>", "CSV file with the materials")
    .option("--out <file>", "where to write (default: standard output)")
    .option("--force", "write over the file of --out")
    .option("--structure <column>", "column that holds the material (default: the one of the study)")
    .option("--workers <n>", "worker threads (default: all processors)")
    .addHelpText("after", "\nExample:\n  tatara predict runs/optical-polymers-1/model.json new.csv --out predicted.csv")
    .action(async (model: string, table: string, flags: { readonly out?: string; readonly force?: boolean; readonly structure?: string; readonly workers?: string }) => {
      const host = openHost();
      try {
        const { text, lines } = await predictTable(model, table, flags, host.ctx);
        host.close();
        if (flags.out === undefined) process.stdout.write(text);
        for (const line of lines) process.stderr.write(`${line}\n`);
      } finally {
        host.close();
      }
    });
}
