/* Several marginals over the same rows, and how their errors hang together. */
import { InputError } from "../base/errors.ts";
import type { Matrix } from "../numeric/types.ts";
import type { Marginal, Predictive } from "./types.ts";

/** Rounding that a correlation matrix may show. */
const TOLERANCE = 1e-8;

const rowsOf = (marginal: Marginal) => (marginal.kind === "number" ? marginal.mean.length : marginal.probability.rows);

/** m marginals of n rows; `correlation` is that of a Gaussian copula, m × m in the marginals' order, absent = independent. */
export function predictive(rows: number, marginals: readonly Marginal[], correlation?: Matrix): Predictive {
  const names = new Set<string>();
  for (const marginal of marginals) {
    if (rowsOf(marginal) !== rows) throw new InputError(`rows of ${marginal.name}: ${rowsOf(marginal)} — the predictive has ${rows}`, { path: marginal.name });
    if (names.has(marginal.name)) throw new InputError(`two marginals of one name: "${marginal.name}" — names are different`, { path: marginal.name });
    names.add(marginal.name);
  }
  if (correlation === undefined) return { rows, marginals };
  checkCorrelation(correlation, marginals);
  return { rows, marginals, correlation };
}

/** The marginal of that name, or an InputError that lists what there is. */
export function marginalOf(p: Predictive, name: string): Marginal {
  const found = p.marginals.find((marginal) => marginal.name === name);
  if (found !== undefined) return found;
  throw new InputError(`unknown property: "${name}" — the model predicts ${p.marginals.map((marginal) => marginal.name).join(", ")}`, { path: name, value: name });
}

function checkCorrelation({ rows, cols, data }: Matrix, marginals: readonly Marginal[]): void {
  const m = marginals.length;
  if (rows !== m || cols !== m) throw new InputError(`correlation: ${rows} × ${cols} — there are ${m} properties`, { path: "correlation" });
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j++) {
      const r = data[i * m + j]!;
      const wanted = i === j ? 1 : data[j * m + i]!;
      if (!(Math.abs(r) <= 1 + TOLERANCE) || Math.abs(r - wanted) > TOLERANCE) throw new InputError(`correlation of properties ${i} and ${j}: ${r} — the matrix is symmetric with ones on the diagonal`, { path: "correlation", value: r });
      if (i !== j && r !== 0 && marginals[i]!.kind === "category") throw new InputError(`correlation with a category: ${marginals[i]!.name} — only numeric properties are correlated`, { path: marginals[i]!.name, value: r });
    }
}
