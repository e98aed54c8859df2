/*
 * What the tests of bad input share: a small good table to spoil, a study to spoil, and one way to try
 * both that says everything a user would see and find afterwards.
 */
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { expect } from "vitest";
import { quiet, type Context } from "@tatara/engine/base";
import { loadStudy, runStudy, type RunSummary } from "@tatara/studies/tasks";

const STRUCTURES = ["C", "CC", "CCC", "CCCC", "CCCCC", "CCO", "CCCO", "CCCCO", "CCN", "CCCN", "c1ccccc1", "Cc1ccccc1", "CCc1ccccc1", "Oc1ccccc1", "Nc1ccccc1", "CC(=O)O", "CCC(=O)O", "CC(C)C", "CC(C)O", "C1CCCCC1"];

/** Twenty good rows: a structure and a number that grows with its size. */
export const GOOD: readonly (readonly [string, string])[] = STRUCTURES.map((smiles, i) => [smiles, (0.3 * smiles.length + 0.01 * i).toFixed(2)]);

/** A CSV text: header, the good rows, then further rows as they stand. */
export const tableOf = (extra: readonly string[] = [], header = "smiles,y"): string => `${[header, ...GOOD.map((row) => row.join(",")), ...extra].join("\n")}\n`;

/** A CSV text whose second column is made from the row number. */
export const tableWith = (cell: (i: number) => string, header = "smiles,y"): string => `${[header, ...GOOD.map(([smiles], i) => `${smiles},${cell(i)}`)].join("\n")}\n`;

/** A small study that fits quickly; `edits` replace parts of its text. */
export function fitText(...edits: readonly (readonly [string, string])[]): string {
  const text = `study: fit
domain: molecule
data: { table: t.csv, properties: { y: {} } }
represent: [physchem]
learn: { model: linear, folds: 2, split: random }
workers: 1
`;
  return edits.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`the study has no ${from}`);
    return now.replace(from, to);
  }, text);
}

/** The same as a design study. */
export const invertText = (...edits: readonly (readonly [string, string])[]): string =>
  fitText(["study: fit", "study: invert"], ["workers: 1\n", 'workers: 1\ntarget: { y: ">= 3" }\nconstraints: { max_heavy_atoms: 12 }\ngenerate: { particles: 20, evaluations: 200 }\n'], ...edits);

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "tatara-bad-"));

/** A folder with a study and, when given, a table. */
export async function place(study: string | Uint8Array, table?: string | Uint8Array, name = "study.yaml"): Promise<{ readonly folder: string; readonly study: string; readonly table: string }> {
  const folder = await newFolder();
  const paths = { folder, study: join(folder, name), table: join(folder, "t.csv") };
  await mkdir(folder, { recursive: true });
  await writeFile(paths.study, study);
  if (table !== undefined) await writeFile(paths.table, table);
  return paths;
}

export interface RejectedCsv {
  readonly row: string;
  readonly line: string;
  readonly column: string;
  readonly value: string;
  readonly reason: string;
  readonly used: string;
}

export interface Attempt {
  readonly folder: string;
  readonly out: string;
  readonly error?: Error;
  readonly summary?: RunSummary;
  /** What rejected.csv lists; empty when there is no such file. */
  readonly rejected: readonly RejectedCsv[];
  /** Everything that lies in the run directory. */
  readonly left: readonly string[];
  readonly said: readonly string[];
}

/** Run a study over a table, as the command line would, and look at what is left. */
export async function attempt(study: string, table?: string | Uint8Array, ctx: Context = quiet): Promise<Attempt> {
  const { folder, study: file } = await place(study, table);
  const out = join(folder, "out");
  const said: string[] = [];
  const tried = await run(file, out, said, ctx);
  const text = await readFile(join(out, "rejected.csv"), "utf8").catch(() => "");
  const left = await readdir(out, { recursive: true }).catch(() => []);
  expect(left.filter((name) => /(^|\/)\./.test(name))).toEqual([]); // no lock, no temporary file
  return { folder, out, ...tried, rejected: parse(text, { columns: true }) as RejectedCsv[], left, said };
}

async function run(file: string, out: string, said: string[], ctx: Context): Promise<{ readonly error: Error } | { readonly summary: RunSummary }> {
  try {
    return { summary: await runStudy(await loadStudy(file), { out, verify: false, say: (text) => void said.push(text) }, ctx) };
  } catch (error) {
    return { error: error as Error };
  }
}

/** Names of the errors that the command line tells in a sentence, with their exit codes. */
const CODES: Readonly<Record<string, number>> = { InputError: 2, UnsupportedError: 3, NumericalError: 4, StorageError: 5 };

export const codeOf = (error: unknown): number => CODES[(error as Error).name] ?? 1;

/** A message is one that a user can act on: our own error, and nothing of the machine in it. */
export function expectSentence(error: unknown, message: RegExp, code = 2): void {
  expect(error).toBeInstanceOf(Error);
  const text = (error as Error).message;
  expect(text).toMatch(message);
  expect(codeOf(error), text).toBe(code);
  expect(text).toMatch(/: |—/);
  expect(text).not.toMatch(/\n\s+at |node:internal|undefined|\[object|^[A-Z][a-z]+Error/);
}
