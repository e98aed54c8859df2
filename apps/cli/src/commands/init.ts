import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { InputError, lookUp } from "@tatara/engine/base";
import { templates } from "@tatara/studies/tasks";

export function addInit(program: Command): void {
  program
    .command("init")
    .description("write a study to start from")
    .argument("[template]", `one of ${Object.keys(templates).join(", ")}`, "optical-polymers")
    .argument("[dir]", "directory to write into", ".")
    .addHelpText("after", `\nTemplates:\n${Object.entries(templates).map(([name, { about }]) => `  ${name.padEnd(20)} ${about}`).join("\n")}\n\nExample:\n  tatara init optical-polymers my-study`)
    .action(async (name: string, dir: string) => {
      const template = lookUp("template", name, templates, "template");
      await mkdir(dir, { recursive: true });
      for (const [file, text] of Object.entries(template.files)) {
        const path = join(dir, file);
        await writeFile(path, text, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
          if (error.code === "EEXIST") throw new InputError(`the file is there already: ${path} — choose another directory: tatara init ${name} my-study`, { path: "dir", value: path });
          throw error;
        });
        process.stdout.write(`${path}\n`);
      }
      process.stdout.write(`next: tatara check ${join(dir, "study.yaml")}\n`);
    });
}
