/*
 * Phases that the literature knows, to stand on the maps beside the measurements: the shipped ones, or a table of the
 * user's. Nothing is learnt from them.
 */
import { InputError } from "@tatara/engine/base";
import type { Domain } from "@tatara/engine/generate";
import { readCsv } from "../../tables/csv.ts";

export interface LiteraturePhase {
  readonly name: string;
  readonly kind: string;
  /** Structure and source, as far as the table has them. */
  readonly about: string;
  readonly parts: readonly string[];
  /** Percent of each part. */
  readonly amounts: readonly number[];
}

/** Read a table with the column formula and, as far as it has them, name, kind, structure and source. Throws InputError with the row that is no material. */
export async function literaturePhases(path: string, domain: Domain<unknown>): Promise<readonly LiteraturePhase[]> {
  const { header, rows } = await readCsv(path);
  const column = (wanted: string) => header.indexOf(wanted);
  const formula = column("formula");
  if (formula < 0) throw new InputError(`missing column in the table of phases: "formula" — ${path} has ${header.join(", ")}`, { path: "screen.phases", value: path });
  const cell = (row: readonly string[], wanted: string): string => row[column(wanted)] ?? "";
  return rows.map((row, i) => {
    const shares = sharesOf(row[formula]!, domain, `${path}, row ${i + 2}`);
    return {
      name: cell(row, "name") || row[formula]!,
      kind: cell(row, "kind") || "known",
      about: ["structure", "source"].map((wanted) => cell(row, wanted)).filter(Boolean).join("; "),
      parts: shares.map(([part]) => part),
      amounts: shares.map(([, share]) => 100 * share),
    };
  });
}

function sharesOf(text: string, domain: Domain<unknown>, place: string): readonly (readonly [string, number])[] {
  try {
    return domain.mixing!.shares(domain.codec.parse(text));
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${place}: ${error.message}`, { path: "screen.phases", value: text, cause: error });
    throw error;
  }
}

/** Those made of some or all of these parts. */
export const phasesWithin = (all: readonly LiteraturePhase[], parts: readonly string[]): readonly LiteraturePhase[] => all.filter((phase) => phase.parts.every((part) => parts.includes(part)));
