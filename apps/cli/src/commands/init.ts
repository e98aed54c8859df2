import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { InputError, lookUp } from "@tatara/engine/base";
import { makeDirectory, told } from "@tatara/studies/runs";
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
      await makeDirectory(resolve(dir));
      for (const [file, text] of Object.entries(template.files)) {
        const path = join(dir, file);
        await told(path, () => writeNew(path, text, name));
        process.stdout.write(`${path}\n`);
      }
      process.stdout.write(`next: tatara check ${join(dir, "study.yaml")}\n`);
    });
}

const writeNew = (path: string, text: string, template: string): Promise<void> =>
  writeFile(path, text, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") throw new InputError(`the file is there already: ${path} — choose another directory: tatara init ${template} my-study`, { path: "dir", value: path });
    throw error;
  });
