/*
 * Descriptors of a table of materials: the input's columns, then one column per feature.
 */
import { resolve } from "node:path";
import { InputError, type Context } from "@tatara/engine/base";
import { domainNames, openDomain, type DomainSetup } from "../catalogue/domains.ts";
import { readElements } from "../catalogue/sets.ts";
import { openCrew } from "../executors/crew.ts";
import { writeAtomic } from "../runs/files.ts";
import { readCsv } from "../tables/csv.ts";
import { columnIndex } from "./assemble.ts";
import { known } from "../catalogue/known.ts";
import { prepareOutput, type TableResult } from "./predict.ts";
import { withColumns } from "./rows.ts";
import { workersOf } from "../executors/workers.ts";

export interface DescribeOptions {
  readonly represent?: string;
  readonly structure?: string;
  /** Path of the user's table of elements. */
  readonly elements?: string;
  readonly out?: string;
  /** Write over `out` when it is there. */
  readonly force?: boolean;
  readonly workers?: string;
}

/** Describe `table`; writes to `out` when given. A row that cannot be described has empty cells and a reason. */
export async function describeTable(domainId: string, table: string, { represent, structure, elements, out, force, workers }: DescribeOptions, ctx: Context): Promise<TableResult> {
  known("domain", domainId, domainNames);
  const setup: DomainSetup = { domain: domainId, ...(elements === undefined ? {} : { elements: await readElements(elements, "--elements") }) };
  const domain = await openDomain(setup);
  const descriptors = represent?.split(",").map((name) => name.trim()).filter((name) => name !== "") ?? [...domain.defaultDescriptors];
  if (descriptors.length === 0) throw new InputError(`no descriptor: "${represent}" — there are ${Object.keys(domain.descriptors).join(", ")}`, { path: "--represent", value: represent });
  for (const name of descriptors) known("descriptor", name, Object.keys(domain.descriptors));
  if (out !== undefined) await prepareOutput(out, [table], force);
  const crew = await openCrew({ ...setup, descriptors }, { workers: workersOf(workers) });
  try {
    const raw = await readCsv(table);
    const index = columnIndex(raw, structure ?? domain.column, "--structure");
    const texts = raw.rows.map((row) => row[index]!);
    const read = await crew.read(texts, { ...ctx, report: (p) => ctx.report({ ...p, stage: "read materials" }) });
    const unique = [...new Set(read.flatMap((m) => (m.text === null ? [] : [m.text])))];
    const x = await crew.describe(unique, ctx);
    const place = new Map(unique.map((text, i) => [text, i]));
    const csv = withColumns(raw, [...x.features.map((f) => f.name), "reason"], (i) => {
      const { text, reason } = read[i]!;
      if (text === null) return { reason: texts[i] === "" ? "no structure" : reason };
      const at = place.get(text)! * x.cols;
      return [...x.data.subarray(at, at + x.cols), ""];
    });
    if (out !== undefined) await writeAtomic(resolve(out), csv);
    const refused = read.filter((m) => m.text === null).length + raw.rejected.length;
    return { text: csv, lines: [`${raw.rows.length + raw.rejected.length - refused} described by ${x.cols} features${refused > 0 ? `, ${refused} could not be: the column reason says why` : ""}`, ...(out === undefined ? [] : [resolve(out)])] };
  } finally {
    await crew.close();
  }
}
