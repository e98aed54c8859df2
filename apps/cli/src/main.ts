/*
 * The command line: one file per command, one place that turns a failure into a sentence and an exit code.
 */
import { Command, CommanderError } from "commander";
import { version } from "@tatara/studies/tasks";
import { EXIT, failureOf, printFailure } from "./failure.ts";
import { addCheck } from "./commands/check.ts";
import { addDescribe } from "./commands/describe.ts";
import { addInit } from "./commands/init.ts";
import { addLibrary } from "./commands/library.ts";
import { addPredict } from "./commands/predict.ts";
import { addReport } from "./commands/report.ts";
import { addResume } from "./commands/resume.ts";
import { addRun } from "./commands/run.ts";
import { addSchema } from "./commands/schema.ts";

const program = new Command("tatara")
  .description("Materials designed backwards: give the properties you want, get materials that should have them.")
  .version(version)
  .showHelpAfterError("(see --help)")
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText(
    "after",
    `
Examples:
  tatara init optical-polymers my-study     a study to start from
  tatara check my-study/study.yaml          what it will do, how long it will take
  tatara run my-study/study.yaml            candidates.csv and report.html in runs/
  tatara predict runs/study-1/model.json new.csv`,
  );

for (const add of [addInit, addCheck, addRun, addResume, addPredict, addDescribe, addReport, addLibrary, addSchema]) add(program);
for (const command of program.commands) command.exitOverride().showHelpAfterError("(see --help)").showSuggestionAfterError();

// A reader that closes the pipe early (`| head`) is no failure, nor is a terminal that was closed.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  });
}

function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.input;
    return;
  }
  const failure = failureOf(error);
  printFailure(failure);
  process.exitCode = failure.code;
}

// What escapes every await still ends in a sentence.
process.on("uncaughtException", (error) => {
  fail(error);
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  fail(error);
}
