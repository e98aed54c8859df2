/* validation.json: the out-of-fold record of stage one, in the words of study files, where a property is a number or a class. */
import type { PropertySelection, PropertyValidation, TransferReport, Validation } from "@tatara/engine/learn";
import { parseJson } from "../runs/files.ts";
import type { SeenBySource } from "./seen.ts";

/** What validation.json holds. */
export interface ValidationFile extends Validation {
  /** Canonical text of each row that the points refer to. */
  readonly materials: readonly string[];
  readonly selection: readonly PropertySelection[];
  /** How ways of transfer were compared, for each property that learnt from sources. */
  readonly transfer?: readonly TransferReport[];
  /** Sources that have learnt from materials of this study. */
  readonly seen?: readonly SeenBySource[];
}

/** The kind of a property as study files call it. */
export const kindOf = (kind: PropertyValidation["kind"]): "number" | "class" => (kind === "category" ? "class" : kind);

export const validationText = (file: ValidationFile): string => `${JSON.stringify({ ...file, properties: file.properties.map((v) => ({ ...v, kind: kindOf(v.kind) })) })}\n`;

/** Read the file back; those of older runs call classes categories and know one split. Throws InputError naming the file when it is damaged. */
export function readValidation(text: string, path: string): ValidationFile {
  const file = parseJson(text, path) as Omit<ValidationFile, "properties" | "splits" | "conformal"> & Partial<Pick<ValidationFile, "splits" | "conformal">> & { readonly properties: readonly (Omit<PropertyValidation, "kind"> & { readonly kind: string })[] };
  return { ...file, splits: file.splits ?? [], conformal: file.conformal ?? [], properties: file.properties.map((v) => ({ ...v, kind: v.kind === "class" ? "category" : v.kind }) as PropertyValidation) };
}
