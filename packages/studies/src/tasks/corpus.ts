/* The table that a prior learns from, when it is not the study's own. */
import type { InvertStudy } from "../schema/study.ts";
import { readCsv, type RawTable } from "../tables/csv.ts";
import { columnIndex } from "./assemble.ts";

/** The table of a corpus, and which of its columns holds the structures. Throws InputError when there is none. */
export async function corpusTable({ table: path, structure, ...options }: NonNullable<InvertStudy["generate"]["corpus"]>): Promise<{ readonly table: RawTable; readonly index: number }> {
  const table = await readCsv(path, options);
  return { table, index: columnIndex(table, structure!, "generate.corpus.structure") };
}
