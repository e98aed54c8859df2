import type { Command } from "commander";
import pc from "picocolors";
import { studyText } from "@tatara/studies/schema";
import { forecast, soundStudy } from "@tatara/studies/tasks";
import { duration, openHost } from "../host.ts";

export function addCheck(program: Command): void {
  program
    .command("check")
    .description("check a study without running it: every problem with its line, the resolved study, a forecast")
    .argument("<study>", "study file (YAML, JSON or TOML)")
    .option("--set <path=value>", "change a field of the study; may be repeated", (value: string, all: readonly string[]) => [...all, value], [] as readonly string[])
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  tatara check study.yaml")
    .action(async (file: string, flags: { readonly set: readonly string[]; readonly json?: boolean }) => {
      const host = openHost({ silent: flags.json ?? false });
      try {
        const loaded = await soundStudy(file, flags.set);
        const plan = await forecast(loaded, host.ctx);
        host.close();
        if (flags.json) process.stdout.write(`${JSON.stringify({ study: loaded.study, forecast: plan }, null, 2)}\n`);
        else {
          process.stdout.write(`${pc.dim("# the study with every default")}\n${studyText(loaded.study)}\n`);
          process.stdout.write(`${plan.lines.map((line) => `${pc.dim("#")} ${line}`).join("\n")}\n${pc.dim("#")} about ${duration(plan.seconds)} and ${plan.megabytes.toFixed(0)} MB on this machine\n${pc.green("the study is sound")}\n`);
        }
      } finally {
        host.close();
      }
    });
}
