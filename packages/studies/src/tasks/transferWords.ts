/* What every study with sources says of them beside its scores: that nothing was compared, and that they know its materials. */
import type { TransferReport } from "@tatara/engine/learn";
import { FINE_TUNE } from "./fineTuning.ts";
import { seenWarning } from "./seen.ts";
import type { LoadedStudy } from "./types.ts";
import type { ValidationFile } from "./validationFile.ts";

type With = Pick<LoadedStudy, "study" | "sources">;

/** Ways that were cross-validated, `none` among them. */
const triedOf = ({ scores }: TransferReport): readonly string[] => scores.flatMap(({ method, rmse }) => (rmse === null ? [] : [method]));

/** Whether ways to use the sources were held against one another. */
export const isComparison = (report: TransferReport): boolean => triedOf(report).length > 1;

/** Sentences for a reader; none where all is well, or where nothing is transferred. Curves are a comparison themselves. */
export function transferWarnings({ study, sources }: With, { transfer = [], seen = [], materials }: ValidationFile): readonly string[] {
  const compared = sources.length === 0 || study.study === "curves" || transfer.some(isComparison);
  return [compared ? "" : `nothing was compared: ${oneWay(study, transfer)}; whether the sources help is not known`, seenWarning(seen, materials.length)].filter((text) => text !== "");
}

function oneWay({ learn: { model, options }, data: { properties } }: With["study"], [report]: readonly TransferReport[]): string {
  if (report) return `of the ways to use the sources only ${triedOf(report).join(", ")} was tried`;
  const advice = Object.values(properties).every(({ kind }) => kind === "number") ? " — leave learn.model out to compare the ways with none at all" : ", as ways are compared for numbers only";
  if (model === FINE_TUNE) return `the network of a source goes on learning${advice}`;
  const { method } = options as { readonly method?: string };
  return `${method === undefined ? `the sources stand beside the descriptors that ${model} sees` : `the sources are used in one way, ${method}`}${advice}`;
}
