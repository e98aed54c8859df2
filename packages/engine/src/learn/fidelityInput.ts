/*
 * One learner of several fidelities, or of several related properties, told by an input which one it is asked for: rows of all
 * columns stand one below the other, each column standardised, with an indicator of the column beside the descriptors (as
 * fidelity embeddings of networks do: Chen, Zuo, Ye, Li & Ong, Nat. Comput. Sci. 1, 46 (2021)). Around a network, this is the
 * neural way to learn from many simulations beside few measurements. What the columns share need not be linear, and is learnt
 * best where all of them span the same materials.
 */
import { InputError, UnsupportedError } from "../base/errors.ts";
import { one } from "../base/unit.ts";
import type { Feature, NumberColumn, Table, Targets } from "../data/types.ts";
import { affineMarginal } from "../prob/affine.ts";
import { predictive } from "../prob/predictive.ts";
import { checkTargets, knownRows, rowNames, takeNumbers, takeRows } from "./inputs.ts";
import { standardise } from "./standardise.ts";
import type { Learner, Model, ModelRecord, Output, Reviver } from "./types.ts";

/** A column as it was learnt: value = shift + scale · answer. */
interface Level {
  readonly output: Output & { readonly kind: "number" };
  readonly shift: number;
  readonly scale: number;
}

const indicator = ({ output }: Level): Feature => ({ name: `fidelity: ${output.name}`, unit: one, about: `1 where ${output.name} is asked for`, block: "fidelity" });

/** What the inner learner predicts. */
const ANSWER = "answer";

/** The learner; a joint one, of numeric columns. */
export function fidelityInput(learner: Learner): Learner {
  const id = `fidelity-input(${learner.id})`;
  return {
    id,
    acceptsMissing: learner.acceptsMissing,
    complexity: learner.complexity + 1,
    joint: true,
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      const classes = y.columns.find(({ kind }) => kind !== "number");
      if (classes) throw new UnsupportedError(`fidelity-input cannot predict classes: "${classes.name}" — use forest or extra-trees`);
      const parts = (y.columns as readonly NumberColumn[]).map((column, j) => partOf(x, y, column, j));
      const levels = parts.map(({ level }) => level);
      const table = below(parts.map(({ rows }, j) => asked(takeRows(x, rows), levels, j)));
      const inner = await learner.fit(table, targetsOf(x, y, parts), key, ctx);
      return fidelityModel(id, inner, levels);
    },
  };
}

interface Part {
  readonly level: Level;
  readonly rows: Int32Array;
  readonly values: Float64Array;
}

function partOf(x: Table, y: Targets, column: NumberColumn, j: number): Part {
  const rows = knownRows(y, j);
  if (rows.length < 2) throw new InputError(`too few values of "${column.name}": ${rows.length} — at least 2 of ${x.rows} rows`, { path: column.name, value: rows.length });
  const { shift, scale, values } = standardise(column.name, takeNumbers(column.values, rows), y.weights ? takeNumbers(y.weights, rows) : new Float64Array(rows.length).fill(1));
  return { level: { output: { kind: "number", name: column.name, unit: column.unit }, shift, scale }, rows, values };
}

/** The rows with the indicators of one column; the first column needs none. */
function asked(x: Table, levels: readonly Level[], j: number): Table {
  const more = levels.length - 1;
  const cols = x.cols + more;
  const data = new Float64Array(x.rows * cols);
  for (let i = 0; i < x.rows; i++) {
    data.set(x.data.subarray(i * x.cols, (i + 1) * x.cols), i * cols);
    if (j > 0) data[i * cols + x.cols + j - 1] = 1;
  }
  return { rows: x.rows, cols, data, features: [...x.features, ...levels.slice(1).map(indicator)] };
}

function below(tables: readonly Table[]): Table {
  const [{ cols, features }] = tables;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const data = new Float64Array(rows * cols);
  let at = 0;
  for (const table of tables) {
    data.set(table.data, at);
    at += table.data.length;
  }
  return { rows, cols, data, features };
}

/** All values of one material are one group: inner folds must not tell one fidelity by another of the same material. */
function targetsOf(x: Table, y: Targets, parts: readonly Part[]): Targets {
  const names = rowNames(x, y.names);
  const code = new Map<string, number>();
  for (const name of names) if (!code.has(name)) code.set(name, code.size);
  const own = Int32Array.from(names, (_, i) => (y.groups && y.groups[i] >= 0 ? y.groups[i] : -1));
  const most = own.reduce((a, b) => Math.max(a, b), -1);
  const groups = own.map((group, i) => (group >= 0 ? group : most + 1 + code.get(names[i])!));
  const joined = <A>(of: (part: Part) => readonly A[]) => parts.flatMap((part) => of(part));
  return {
    rows: parts.reduce((sum, { rows }) => sum + rows.length, 0),
    names: joined(({ rows, level }) => Array.from(rows, (i) => `${names[i]} ${level.output.name}`)),
    groups: Int32Array.from(joined(({ rows }) => Array.from(rows, (i) => groups[i]))),
    ...(y.weights && { weights: Float64Array.from(joined(({ rows }) => Array.from(rows, (i) => y.weights![i]))) }),
    columns: [{ kind: "number", name: ANSWER, unit: one, values: Float64Array.from(joined(({ values }) => Array.from(values))) }],
  };
}

function fidelityModel(id: string, inner: Model, levels: readonly Level[]): Model {
  const written = new Set(levels.slice(1).map((level) => indicator(level).name));
  const inputs = inner.inputs.filter(({ name }) => !written.has(name));
  const outputs = levels.map(({ output }) => output);
  return {
    id,
    inputs,
    outputs,
    predict: async (x, ctx) => {
      const marginals = [];
      for (const [j, { output, shift, scale }] of levels.entries()) {
        const [marginal] = (await inner.predict(asked(x, levels, j), ctx)).marginals;
        if (marginal.kind !== "number") throw new UnsupportedError(`fidelity-input: ${inner.id} answers no number — use a learner of numbers`);
        marginals.push(affineMarginal(output, marginal, scale, shift));
      }
      return predictive(x.rows, marginals);
    },
    toRecord: (): ModelRecord => ({ type: "fidelity-input", id, inputs, outputs, state: { inner: inner.toRecord(), levels } }),
  };
}

/** Reads `fidelity-input` back. */
export const reviveFidelityInput: Reviver = (record, revive) => {
  const { inner, levels } = record.state as { readonly inner: ModelRecord; readonly levels: readonly Level[] };
  return fidelityModel(record.id, revive(inner), levels);
};
