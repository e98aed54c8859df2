/*
 * Properties of a study that follow from others: their formulas read and checked, and their values in the data.
 */
import { InputError, parseUnit, type Unit } from "@tatara/engine/base";
import { evaluateProduct, powerProduct, type NumberColumn, type PowerProduct } from "@tatara/engine/data";
import type { Study } from "../schema/study.ts";

type Properties = Study["data"]["properties"];
type Property = Properties[string];

export const isFormula = (p: Property): p is Property & { readonly formula: string } => p.formula !== undefined;

/** Properties that are learnt: all but formulas. */
export const learntOf = (properties: Properties): Properties => Object.fromEntries(Object.entries(properties).filter(([, p]) => !isFormula(p)));

/** Whether a property is on a logarithmic scale: said so, or the value of a formula. */
export const isLogarithmic = (p: Property): boolean => p.kind === "number" && (p.scale === "log" || isFormula(p));

const unitOf = (p: Property): Unit => parseUnit(p.unit ?? "1");

/** The formula of one property. Throws InputError that names the term which does not fit. */
export function formulaOf(name: string, properties: Properties): PowerProduct {
  const p = properties[name]!;
  if (p.kind === "class") throw new InputError(`formula of a class: ${name} — a formula gives a number`, { value: p.formula });
  const entries = Object.entries(properties);
  const product = powerProduct(name, {
    units: Object.fromEntries(entries.filter(([, other]) => !isFormula(other) && other.kind === "number").map(([other, q]) => [other, unitOf(q)])),
    formulas: Object.fromEntries(entries.flatMap(([other, q]) => (isFormula(q) && q.kind === "number" ? [[other, { text: q.formula, unit: unitOf(q) }]] : []))),
  });
  const linear = product.parts.find(({ property }) => !isLogarithmic(properties[property]!));
  if (linear) throw new InputError(`part of a formula on a linear scale: ${linear.property} in ${name} — products of powers are predicted by logarithms: say scale: log for ${linear.property}, and magnitude: true if it has both signs`, { value: product.text });
  return product;
}

/** A formula's column beside those of its parts: its own measured values where the table has them, else what the parts give. */
export function formulaColumn(name: string, properties: Properties, { measured, columns, rows }: { readonly measured: Float64Array | undefined; readonly columns: readonly { readonly name: string; readonly kind: string }[]; readonly rows: number }): NumberColumn {
  const formula = formulaOf(name, properties);
  const values = (property: string) => (columns.find((c) => c.name === property) as NumberColumn).values;
  const computed = evaluateProduct(formula, rows, values);
  return { kind: "number", name, unit: unitOf(properties[name]!), scale: "log", formula, values: computed.map((v, i) => (measured !== undefined && !Number.isNaN(measured[i]!) ? measured[i]! : v)) };
}
