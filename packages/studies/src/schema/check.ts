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

/** Check a parsed study. Throws StudyError. */
export function checkStudy(source: StudySource): Study {
  const kind = (source.value as Record<string, unknown>)["study"];
  const kinds = Object.keys(studySchemas);
  const at = (path: readonly PropertyKey[]) => `${placeOf(source, path)}: `;
  if (typeof kind !== "string" || !Object.hasOwn(studySchemas, kind)) {
    const hint = typeof kind === "string" ? didYouMean(kind, kinds) : "";
    throw new StudyError(source.file, [`${at(["study"])}${kind === undefined ? "missing field: study" : `unknown study: ${show(kind)}`} — ${hint || `one of ${kinds.join(", ")}`}`]);
  }
  const schema = studySchemas[kind as keyof typeof studySchemas];
  const result = schema.safeParse(source.value);
  if (result.success && result.data.data === undefined) throw new StudyError(source.file, [`${at(["data"])}missing field: data — where the measurements are; or model, the model.json of a finished run`]);
  if (result.success) return result.data as Study;
  throw new StudyError(source.file, [...new Set(result.error.issues.flatMap((issue) => explain(issue, schema, source.value).map(({ path, text }) => at(path) + text)))]);
}

/** Kinds of values in a user's words. */
const KINDS: Readonly<Record<string, string>> = { int: "a whole number", number: "a number", string: "a text", boolean: "true or false", array: "a list", object: "a mapping such as {}", record: "a mapping such as {}" };

interface Explained {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): readonly Explained[] {
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
