import type { Command } from "commander";
import { describeTable } from "@tatara/studies/tasks";
import { openHost } from "../host.ts";

export function addDescribe(program: Command): void {
  program
    .command("describe")
    .description("write descriptors of a table of materials")
    .argument("<domain>", "kind of material, such as molecule, polymer or composition")
    .argument("<table>", "CSV file with the materials")
    .option("--represent <names>", "descriptors by name, joined by commas (default: the domain's own choice)")
    .option("--structure <column>", "column that holds the material (default: the domain's own, such as smiles or formula)")
    .option("--elements <file>", "your own table of elements, for domains that are made of them")
    .option("--out <file>", "where to write (default: standard output)")
    .option("--force", "write over the file of --out")
    .option("--workers <n>", "worker threads (default: all processors)")
    .addHelpText("after", "\nExample:\n  tatara describe polymer table.csv --represent physchem --out descriptors.csv")
    .action(async (domain: string, table: string, flags: { readonly represent?: string; readonly structure?: string; readonly elements?: string; readonly out?: string; readonly force?: boolean; readonly workers?: string }) => {
      const host = openHost();
      try {
        const { text, lines } = await describeTable(domain, table, flags, host.ctx);
        host.close();
        if (flags.out === undefined) process.stdout.write(text);
        for (const line of lines) process.stderr.write(`${line}\n`);
      } finally {
        host.close();
      }
    });
}
