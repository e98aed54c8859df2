/*
 * From plain data to a checked study: every problem at once, each with its line, what stands there and
 * what would be right, with a suggestion for a misspelt name.
 */
import { z } from "zod";
import { didYouMean, InputError } from "@tatara/engine/base";
import { studySchemas, type Study } from "./study.ts";
import { placeOf, type StudySource } from "./source.ts";

/** Several problems of one study file. */
export class StudyError extends InputError {
  readonly problems: readonly string[];
  constructor(file: string, problems: readonly string[]) {
    super(problems.length === 1 ? problems[0]! : `${problems.length} problems in ${file}:\n${problems.map((p) => `  ${p}`).join("\n")}`, { value: file });
    this.problems = problems;
  }
}

/** Something wrong with a study, and the field that it is about. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/** All problems with their places, as one error; undefined when there is none. */
export function problemsError(source: StudySource, problems: readonly Problem[]): StudyError | undefined {
  return problems.length === 0 ? undefined : new StudyError(source.file, [...new Set(problems.map(({ path, text }) => `${placeOf(source, path)}: ${text}`))]);
}

/** What the schema says of a parsed study. */
export interface Examined {
  /** The study; where there are problems, what is left of it without the faulty fields, if that is a study. */
  readonly study?: Study;
  readonly problems: readonly Problem[];
}

/** Check a parsed study. Throws StudyError. */
export function checkStudy(source: StudySource): Study {
  const { study, problems } = examineStudy(source);
  const error = problemsError(source, problems);
  if (error) throw error;
  return study!;
}

/** Check a parsed study, and go on with what is sound of it. */
export function examineStudy({ value }: StudySource): Examined {
  const kind = (value as Record<string, unknown>)["study"];
  const kinds = Object.keys(studySchemas);
  if (typeof kind !== "string" || !Object.hasOwn(studySchemas, kind)) {
    const hint = typeof kind === "string" ? didYouMean(kind, kinds) : "";
    return { problems: [{ path: ["study"], text: `${kind === undefined ? "missing field: study" : `unknown study: ${show(kind)}`} — ${hint || `one of ${kinds.join(", ")}`}` }] };
  }
  const schema = studySchemas[kind as keyof typeof studySchemas];
  const result = schema.safeParse(value);
  if (result.success && result.data.data === undefined) return { problems: [{ path: ["data"], text: "missing field: data — where the measurements are; or model, the model.json of a finished run" }] };
  if (result.success) return { study: result.data as Study, problems: [] };
  const left = schema.safeParse(without(value, result.error.issues));
  return { ...(left.success && left.data.data !== undefined ? { study: left.data as Study } : {}), problems: result.error.issues.flatMap((issue) => explain(issue, schema, value)) };
}

/** A copy in which faulty fields are as if they had been left out. */
function without(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const issue of issues) {
    const fields = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const field of fields) {
      const parent = valueAt(copy, field.slice(0, -1));
      const last = field.at(-1);
      if (last === undefined || parent === null || typeof parent !== "object" || !Object.hasOwn(parent, last)) continue;
      if (issue.code === "unrecognized_keys" || issue.code === "invalid_key") delete (parent as Record<PropertyKey, unknown>)[last];
      else (parent as Record<PropertyKey, unknown>)[last] = undefined;
    }
  }
  return copy;
}

/** Kinds of values in a user's words. */
const KINDS: Readonly<Record<string, string>> = { int: "a whole number", number: "a number", string: "a text", boolean: "true or false", array: "a list", object: "a mapping such as {}", record: "a mapping such as {}" };

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): readonly Problem[] {
  const path = issue.path.join(".") || "study";
  const found = valueAt(value, issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => ({ path: [...issue.path, key], text: `unknown field: "${[...issue.path, key].join(".")}" — ${didYouMean(key, known) || `${issue.path.join(".") || "a study"} has ${known.join(", ")}`}` }));
  }
  if (found === undefined && issue.code === "invalid_type") return [{ path: issue.path, text: `missing field: ${path} — ${describeAt(schema, issue.path) || `${KINDS[issue.expected] ?? issue.expected} is needed`}` }];
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    return [{ path: issue.path, text: `${path}: ${show(found)} is not known — ${(typeof found === "string" && didYouMean(found, values)) || `one of ${values.join(", ")}`}` }];
  }
  if (issue.code === "invalid_key") return [{ path: issue.path, text: `bad name: ${show(issue.path.at(-1))} — ${issue.issues[0]?.message ?? "another name is needed"}` }];
  if (issue.code === "invalid_type" || issue.code === "invalid_union") return [{ path: issue.path, text: `wrong kind of value: ${path} is ${show(found)} — ${issue.code === "invalid_type" ? `${KINDS[issue.expected] ?? issue.expected} is needed` : "a text or a number is needed"}${describeAt(schema, issue.path) ? ` (${describeAt(schema, issue.path)})` : ""}` }];
  if (issue.code === "too_small" || issue.code === "too_big") return [{ path: issue.path, text: `${path}: ${show(found)} is out of range — ${bound(issue)}` }];
  return [{ path: issue.path, text: `${path}: ${show(found)} — ${issue.message}` }];
}

const bound = (issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig) =>
  issue.code === "too_small" ? `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}` : `${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}`;

const show = (value: unknown) => {
  const text = value === undefined ? "missing" : typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown => path.reduce<unknown>((v, step) => (v !== null && typeof v === "object" && Object.hasOwn(v, step) ? (v as Record<PropertyKey, unknown>)[step] : undefined), value);

function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let at: z.ZodType | undefined = bare(schema);
  for (const step of path) {
    if (at instanceof z.ZodObject) at = (at.shape as Record<PropertyKey, z.ZodType>)[step];
    else if (at instanceof z.ZodRecord) at = at.valueType as z.ZodType;
    else if (at instanceof z.ZodArray) at = at.element as z.ZodType;
    else return undefined;
    if (at) at = keepDescription(at);
  }
  return at;
}

const keepDescription = (schema: z.ZodType): z.ZodType => {
  const inner = bare(schema);
  return schema.description && !inner.description ? inner.describe(schema.description) : inner;
};

const bare = (schema: z.ZodType): z.ZodType => (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional ? bare(schema.unwrap() as z.ZodType) : schema);

const keysAt = (schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] => {
  const at = schemaAt(schema, path);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
};

const describeAt = (schema: z.ZodType, path: readonly PropertyKey[]): string => schemaAt(schema, path)?.description ?? "";
