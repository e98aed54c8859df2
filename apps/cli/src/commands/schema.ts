import type { Command } from "commander";
import { studyJsonSchema } from "@tatara/studies/schema";

export function addSchema(program: Command): void {
  program
    .command("schema")
    .description("print the JSON Schema of study files, for editors")
    .addHelpText("after", "\nExample:\n  tatara schema > study.schema.json")
    .action(() => void process.stdout.write(`${JSON.stringify(studyJsonSchema(), null, 2)}\n`));
}
