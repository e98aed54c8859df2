/*
 * What is wrong between a study and its tables, as far as their headers and cells tell before a material is read: every
 * problem at once, at the field that names the column.
 */
import { InputError } from "@tatara/engine/base";
import type { CategoryColumn, NumberColumn } from "@tatara/engine/data";
import { problemsError, type Problem } from "../schema/check.ts";
import type { RulesStudy, Study } from "../schema/study.ts";
import type { RawTable } from "../tables/csv.ts";
import { columnIndex, groupColumn, propertyColumn, refuseWeightless, weightColumn, withFormulas } from "./assemble.ts";
import { corpusTable } from "./corpus.ts";
import { formulaOf, isFormula, learntOf } from "./formulas.ts";
import { learnProblems } from "./learnable.ts";
import { examineFile } from "./load.ts";
import { follows, problem, refuse } from "./problems.ts";
import { labelRows } from "./rules/labels.ts";
import { screenTargets } from "./screen/targets.ts";
import { parseTargets, refuseFar } from "./targets.ts";
import type { LoadedStudy } from "./types.ts";
import { readTable } from "./where.ts";

export interface Survey {
  /** The table of measurements, and that of the prior's corpus when it is another. */
  readonly table?: RawTable;
  /** Rows that data.where leaves out. */
  readonly leftOut: number;
  readonly corpus?: Awaited<ReturnType<typeof corpusTable>>;
  /** The properties as the table has them, without those that have a problem. */
  readonly columns: readonly (NumberColumn | CategoryColumn)[];
  readonly problems: readonly Problem[];
}

/** Look at the tables of a study. */
export async function survey(loaded: LoadedStudy): Promise<Survey> {
  const { study } = loaded;
  const problems: Problem[] = [];
  const read = async <T>(path: readonly string[], work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push({ path: error.path?.startsWith(path[0]!) ? error.path.split(".") : path, text: error.message });
      return undefined;
    }
  };
  const { table, leftOut } = (await read(["data", "table"], () => readTable(loaded.table, study.data))) ?? { leftOut: 0 };
  const own = study.study === "invert" ? study.generate.corpus : undefined;
  const corpus = own && (await read(["generate", "corpus", "table"], () => corpusTable(own)));
  const columns: (NumberColumn | CategoryColumn)[] = [];
  const found = table ? tableProblems(loaded, table, columns) : [];
  return { ...(table ? { table } : {}), ...(corpus ? { corpus } : {}), leftOut, columns, problems: [...found, ...problems] };
}

/** Fills `columns` on its way. */
function tableProblems({ study, domain }: LoadedStudy, table: RawTable, columns: (NumberColumn | CategoryColumn)[]): readonly Problem[] {
  const { structure, group, weight, properties } = study.data;
  return [
    ...problem(["data", "structure"], () => columnIndex(table, structure!, "data.structure")),
    ...(group === undefined ? [] : problem(["data", "group"], () => groupColumn(table, group, Object.keys(domain.groups)))),
    ...(weight === undefined ? [] : problem(["data", "weight"], () => refuseWeightless(weight, weightColumn(table, weight)))),
    ...propertyProblems(study, table, columns),
    ...learnProblems(study, surveyed(study, table, columns)),
    ...(study.study === "rules" && columns.length === Object.keys(properties).length ? labelProblems(study, columns) : []),
    ...(study.study === "fit" || study.study === "rules" || study.study === "curves" ? [] : Object.entries(study.target).flatMap(([name, text]) => {
      const mine = columns.filter((c) => c.name === name);
      // Without its column nothing can be said of a target; a finished model has its own.
      if (mine.length === 0 || (study.study === "screen" && study.model !== undefined)) return [];
      return problem(["target", name], () => refuseFar(study.study === "screen" ? screenTargets({ [name]: text }, mine) : parseTargets({ [name]: text }, mine), mine));
    })),
  ];
}

/** What the table shows of rows that can be learnt from: duplicates and refused rows can only leave fewer. */
function surveyed({ data }: Study, table: RawTable, columns: readonly (NumberColumn | CategoryColumn)[]): Parameters<typeof learnProblems>[1] {
  const weights = data.weight === undefined || !table.header.includes(data.weight) ? undefined : weightColumn(table, data.weight);
  const cells = (name: string | undefined): readonly string[] | undefined => (name === undefined || !table.header.includes(name) ? undefined : table.rows.map((row) => row[table.header.indexOf(name)]!));
  const texts = cells(data.structure)?.filter((text) => text !== "");
  return { targets: { rows: table.rows.length, columns, ...(weights?.some((w) => w > 0) ? { weights } : {}) }, materials: texts ? new Set(texts).size : Number.POSITIVE_INFINITY, groups: cells(data.group) };
}

/** Positives and negatives that cannot be told: because of the target, or of what is to be neither. */
function labelProblems(study: RulesStudy, columns: readonly (NumberColumn | CategoryColumn)[]): readonly Problem[] {
  const [found] = problem(["target"], () => labelRows({ ...study, rules: { ...study.rules, neither: undefined } }, columns));
  return found ? [found] : problem(["rules", "neither"], () => labelRows(study, columns));
}

/** Properties that have a column of their own, and formulas where all of them are sound. */
function propertyProblems(study: Study, table: RawTable, columns: (NumberColumn | CategoryColumn)[]): readonly Problem[] {
  const own = Object.entries(study.data.properties).filter(([, p]) => !isFormula(p) || p.column !== undefined);
  const found = new Map<string, NumberColumn | CategoryColumn>();
  const problems = own.flatMap(([name, p]) => problem(["data", "properties", name], () => void found.set(name, propertyColumn(table, name, p))));
  const learnt = Object.keys(learntOf(study.data.properties)).flatMap((name) => found.get(name) ?? []);
  const formulas = Object.entries(study.data.properties).flatMap(([name, p]) => (isFormula(p) ? problem(["data", "properties", name, "formula"], () => formulaOf(name, study.data.properties)) : []));
  columns.push(...(problems.length + formulas.length > 0 ? learnt : withFormulas(study, learnt, found, table.rows.length)));
  return [...problems, ...formulas];
}

/** A study without any problem that its text, the catalogues or the tables show. Throws InputError with every problem found. */
export async function soundStudy(file: string, overrides: readonly string[] = []): Promise<LoadedStudy> {
  const { source, loaded, problems } = await examineFile(file, overrides);
  const more = problems.length > 0 && loaded ? (await survey(loaded)).problems.filter(({ path }) => !problems.some((fault) => follows(path, fault.path))) : [];
  const error = problemsError(source, [...problems, ...more]);
  if (error) throw error;
  return loaded!;
}

/** The tables of a sound study. Throws InputError with every problem found. */
export async function soundTables(loaded: LoadedStudy): Promise<Survey & { readonly table: RawTable }> {
  const { problems, ...tables } = await survey(loaded);
  refuse(loaded, problems);
  return { ...tables, table: tables.table!, problems };
}
