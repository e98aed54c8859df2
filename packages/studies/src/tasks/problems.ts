/* Problems of a study: what a check finds, at the field that it is about. */
import { InputError } from "@tatara/engine/base";
import { StudyError, type Problem } from "../schema/check.ts";
import type { LoadedStudy } from "./types.ts";

export const told = (path: readonly PropertyKey[], text: string): Problem => ({ path, text });

/** The problem that a check finds, if any. */
export function problem(path: readonly PropertyKey[], check: () => unknown): readonly Problem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof InputError) return [told(deeper(path, error), error.message)];
    throw error;
  }
}

/** The place that an error names, when it lies within the one that was checked. */
const deeper = (path: readonly PropertyKey[], error: InputError): readonly PropertyKey[] => (error.path?.startsWith(`${path.join(".")}.`) ? error.path.split(".") : path);

/** Whether a problem may only be there because a faulty field was left out: in the same section, or about a property whose entry is faulty. */
export function follows(path: readonly PropertyKey[], fault: readonly PropertyKey[]): boolean {
  const section = fault.length > 1 ? fault.slice(0, -1) : fault;
  const within = section.every((step, i) => path[i] === step);
  return within || (fault[0] === "data" && fault[1] === "properties" && (path[0] === "target" || path.join(".") === "learn.model"));
}

/** Throws InputError with every problem and its place, if there are any. */
export function refuse({ name, place }: Pick<LoadedStudy, "name" | "place">, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new StudyError(name, problems.map(({ path, text }) => `${place(path)}: ${text}`));
}
