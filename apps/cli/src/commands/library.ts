import type { Command } from "commander";
import pc from "picocolors";
import { addToLibrary, libraryEntries, libraryLines, listLibraries, pullFromLibrary } from "@tatara/studies/tasks";

interface Flags {
  readonly name?: string;
  readonly about?: string;
  readonly licence?: string;
  readonly dataAbout?: string;
  readonly dataLicence?: string;
  readonly citation?: string;
  readonly library?: string;
  readonly from?: string;
  readonly unseen?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

const optional = <K extends string>(fields: Readonly<Record<K, string | undefined>>): Partial<Record<K, string>> => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Record<K, string>>;

const WHERE = "folder of the library (default: TATARA_LIBRARY, else .tatara/library in the home directory)";

export function addLibrary(program: Command): void {
  const library = program
    .command("library")
    .description("networks with cards, to learn from when data are few: shipped ones, and your own")
    .addHelpText("after", "\nExamples:\n  tatara library list                                  what there is\n  tatara library list polymer-density                  the card of one\n  tatara library add runs/md-1 --name md-conductivity  a network of your own\n  tatara library pull all --from /mnt/group/library    those of a colleague\n\nIn a study:  transfer: { library: all }   learn: { model: shotgun }");

  library
    .command("list")
    .description("list all models, or show the card of one")
    .argument("[name]", "the model whose card to show")
    .option("--library <folder>", WHERE)
    .option("--json", "print cards as JSON")
    .addHelpText("after", "\nExample:\n  tatara library list")
    .action(async (name: string | undefined, flags: Flags) => {
      const listed = await listLibraries(flags.library);
      for (const problem of listed.broken) process.stderr.write(`${pc.yellow("warning:")} ${problem}\n`);
      if (flags.json) process.stdout.write(`${JSON.stringify(libraryEntries(listed, name), null, 2)}\n`);
      else process.stdout.write(`${libraryLines(listed, name).join("\n")}\n`);
    });

  library
    .command("add")
    .description("add the networks of a finished run")
    .argument("<run>", "directory of a run whose learner is mlp or another network, or its model file")
    .option("--name <name>", "name in the library (default: that of the study)")
    .option("--about <words>", "what it is, in a few words")
    .option("--licence <licence>", "licence of the model")
    .option("--data-about <words>", "what the data are")
    .option("--data-licence <licence>", "licence of the data")
    .option("--citation <words>", "where the data are described")
    .option("--library <folder>", WHERE)
    .option("--unseen", "leave out the hashes of the materials, which tell a study when a source knows its materials already")
    .option("--force", "write over a model of the same name")
    .addHelpText("after", "\nExample:\n  tatara library add runs/density-1 --name md-density --data-licence BSD-3-Clause --citation 'Hayashi et al. 2022'")
    .action(async (run: string, flags: Flags) => {
      const added = await addToLibrary(run, { ...optional({ name: flags.name, about: flags.about, licence: flags.licence, library: flags.library }), data: optional({ about: flags.dataAbout, licence: flags.dataLicence, citation: flags.citation }), ...(flags.unseen ? { unseen: true } : {}), ...(flags.force ? { force: true } : {}) });
      for (const { card, path } of added) process.stdout.write(`${card.name}: ${path}\n`);
    });

  library
    .command("pull")
    .description("copy models of another library into your own")
    .argument("<names...>", "models by name or by the path of their folder, or all")
    .option("--from <folder>", "library to take them from (default: the shipped one)")
    .option("--library <folder>", WHERE)
    .option("--force", "write over models of the same name")
    .addHelpText("after", "\nExamples:\n  tatara library pull polymer-density --from /mnt/group/library\n  tatara library pull /mnt/group/library/polymer-density")
    .action(async (names: readonly string[], flags: Flags) => {
      const pulled = await pullFromLibrary(names, { ...optional({ from: flags.from, library: flags.library }), ...(flags.force ? { force: true } : {}) });
      for (const { card, path } of pulled) process.stdout.write(`${card.name}: ${path}\n`);
    });

  for (const command of library.commands) command.exitOverride().showHelpAfterError("(see --help)").showSuggestionAfterError();
}
