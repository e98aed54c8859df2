/*
 * The text of a study — YAML, JSON or TOML — as plain data that remembers on which line each value stands.
 */
import { LineCounter, parseDocument, isMap, isSeq, isScalar, isPair, type Node } from "yaml";
import { parse as parseToml, TomlError } from "smol-toml";
import { InputError } from "@tatara/engine/base";
import { jsonFault } from "./json.ts";

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface StudySource {
  readonly file: string;
  readonly value: unknown;
  /** Where a path stands in the text; the nearest parent that is there when it is missing. */
  locate(path: readonly PropertyKey[]): Position | undefined;
  /** The assignments of the command line that were made to the value. */
  readonly overrides?: readonly string[];
}

/** What stands before a message about a path: `study.yaml:3:14`, or `command line` when the value was set there. */
export function placeOf(source: StudySource, path: readonly PropertyKey[]): string {
  const set = source.overrides?.findLast((text) => overlaps(text.slice(0, text.indexOf("=")), path.join(".")));
  if (set !== undefined) return `command line, ${set.length > 60 ? `${set.slice(0, 60)}…` : set}`;
  const at = source.locate(path);
  return at ? `${source.file}:${at.line}:${at.column}` : source.file;
}

/** Whether the path set is the one asked about, or one above it. */
const overlaps = (set: string, path: string): boolean => path === set.replaceAll(/\s/g, "") || path.startsWith(`${set.replaceAll(/\s/g, "")}.`);

/** The same source with `path=value` assignments made. Throws InputError when one of them is none. */
export const override = (source: StudySource, overrides: readonly string[]): StudySource =>
  overrides.length === 0 ? source : { ...source, value: overrides.reduce<unknown>(setPath, source.value), overrides };

/** Aliases that expand to more nodes than this are a bomb, not a study. */
const MAX_ALIASES = 100;
const MAX_BYTES = 4_000_000;
/** Options may be nested, a study may not be a cycle or a tower. */
const MAX_DEPTH = 40;
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/** Parse the text of a study file; the extension decides, YAML when there is none. Throws InputError with the line. */
export function parseStudy(text: string, file: string): StudySource {
  if (text.length > MAX_BYTES) throw new InputError(`study too large: ${file} has ${(text.length / 1e6).toFixed(1)} MB — a study is a short text; measurements belong in data.table`, { value: file });
  if (text.includes("\0")) throw new InputError(`not a study: ${file} holds binary data — a study is YAML, JSON or TOML text`, { value: file });
  const source = /\.toml$/i.test(file) ? tomlSource(text, file) : /\.json$/i.test(file) ? jsonSource(text, file) : yamlSource(text, file);
  if (source.value === null || typeof source.value !== "object" || Array.isArray(source.value)) throw new InputError(`not a study: ${file} — a study is a mapping that begins with \`study: fit\` or \`study: invert\``, { value: file });
  refusePollution(source.value, [], source);
  return source;
}

function parseYaml(text: string, file: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, { lineCounter, uniqueKeys: true, prettyErrors: false });
  } catch (cause) {
    throw new InputError(`not a study: ${file} — ${inWords(cause as Error)}`, { value: file, cause });
  }
}

/** What the parsers say to programmers, said to users. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/call stack/, "it is nested too deeply"],
  [/alias count/i, "its aliases (*name) expand to too much; write the values out"],
  [/multiple documents/, "it holds several documents; a study is one"],
];

const inWords = ({ message }: Error): string => WORDS.find(([pattern]) => pattern.test(message))?.[1] ?? message.replace(/^Invalid TOML document: /, "").split("\n")[0]!;

function yamlSource(text: string, file: string): StudySource {
  const lines = new LineCounter();
  const document = parseYaml(text, file, lines);
  const [error] = document.errors;
  if (error) {
    const at = lines.linePos(error.pos[0]);
    throw new InputError(`${file}:${at.line}:${at.col}: not valid YAML: ${inWords(error)}`, { value: file, cause: error });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw new InputError(`not a study: ${file} — ${inWords(cause as Error)}`, { value: file, cause });
  }
  return { file, value, locate: (path) => locateYaml(document.contents, lines, path) };
}

/** JSON is read as JSON; its places are those of the same text as YAML. */
function jsonSource(text: string, file: string): StudySource {
  const lines = new LineCounter();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const fault = jsonFault(text);
    const { line, column } = positionIn(text, fault?.at ?? 0);
    throw new InputError(`${file}:${line}:${column}: not valid JSON: ${fault?.why ?? (cause as Error).message}`, { value: file, cause });
  }
  const document = parseYaml(text, file, lines);
  const twice = document.errors.find(({ code }) => code === "DUPLICATE_KEY");
  if (twice) {
    const at = lines.linePos(twice.pos[0]);
    throw new InputError(`${file}:${at.line}:${at.col}: not valid JSON: a field's name stands twice in one object — leave one of them out`, { value: file, cause: twice });
  }
  return { file, value, locate: (path) => locateYaml(document.contents, lines, path) };
}

function positionIn(text: string, at: number): Position {
  const before = text.slice(0, at).split(/\r\n|\n|\r/);
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

function locateYaml(contents: Node | null, lines: LineCounter, path: readonly PropertyKey[]): Position {
  let node: Node | null = contents;
  let start = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) break;
      start = (pair.key as Node).range?.[0] ?? start;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      if (!item) break;
      start = item.range?.[0] ?? start;
      node = item;
    } else break;
  }
  const at = lines.linePos(start);
  return { line: at.line, column: at.col };
}

function tomlSource(text: string, file: string): StudySource {
  try {
    const value: unknown = plain(parseToml(text));
    return { file, value, locate: (path) => locateToml(text, path) };
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    throw new InputError(`${file}:${cause.line}:${cause.column}: not valid TOML: ${inWords(cause)}`, { value: file, cause });
  }
}

/** smol-toml gives values without positions: the `[table]` and `key =` lines are found again in the text, and the deepest that leads to the path is taken. */
function locateToml(text: string, path: readonly PropertyKey[]): Position | undefined {
  let table: readonly string[] = [];
  let found: { readonly depth: number; readonly at: Position } | undefined;
  for (const [i, line] of text.split("\n").entries()) {
    const header = /^\s*\[{1,2}([^[\]]+)\]{1,2}\s*(#.*)?$/.exec(line);
    const key = header ? undefined : /^\s*((?:"[^"]*"|'[^']*'|[^\s"'=#[\]{},]+)+)\s*=/.exec(line);
    if (header) table = tomlKeys(header[1]!);
    if (!header && !key) continue;
    const here = key ? [...table, ...tomlKeys(key[1]!)] : table;
    if (here.length > (found?.depth ?? 0) && here.every((step, k) => step === String(path[k]))) found = { depth: here.length, at: { line: i + 1, column: line.search(/\S/) + 1 } };
  }
  return found?.at;
}

const tomlKeys = (dotted: string): readonly string[] => Array.from(dotted.matchAll(/"([^"]*)"|'([^']*)'|([^.\s"']+)/g), (m) => m[1] ?? m[2] ?? m[3]!);

const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "bigint") return Number(value);
  if (value !== null && typeof value === "object" && !(value instanceof Date)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  return value;
};

function refusePollution(value: unknown, path: readonly PropertyKey[], source: StudySource): void {
  if (value === null || typeof value !== "object") return;
  if (path.length > MAX_DEPTH) throw new InputError(`${placeOf(source, path.slice(0, 3))}: nested too deeply: "${path.slice(0, 5).join(".")}…" — a study is a few levels deep, and no part of it contains itself`, { path: path.slice(0, 5).join(".") });
  for (const key of Object.getOwnPropertyNames(value)) {
    if (Array.isArray(value) && key === "length") continue;
    const here = [...path, key];
    if (FORBIDDEN.has(key)) throw new InputError(`${placeOf(source, here)}: forbidden key: "${here.join(".")}" — no study field has this name`, { path: here.join("."), value: key });
    refusePollution((value as Record<string, unknown>)[key], here, source);
  }
}

/** Set `path=value` in plain data, value read as YAML; returns a changed copy. */
export function setPath(value: unknown, assignment: string): unknown {
  const cut = assignment.indexOf("=");
  if (cut < 1) throw new InputError(`not an assignment: "${assignment}" — write path=value, such as generate.particles=200`, { path: "--set", value: assignment });
  const path = assignment.slice(0, cut).split(".").map((step) => step.trim());
  const bad = path.find((step) => step === "" || FORBIDDEN.has(step));
  if (bad !== undefined) throw new InputError(`not a path: "${assignment.slice(0, cut)}" — write names joined by dots, such as generate.particles`, { path: "--set", value: assignment });
  return assign(value, path, parseValue(assignment, assignment.slice(cut + 1)));
}

function parseValue(assignment: string, text: string): unknown {
  // To YAML a leading > is the head of a block of text; to a user it is a target, whose quotes the shell took.
  if (/^\s*>/.test(text)) return text.trim();
  const parsed = parseDocument(text, { prettyErrors: false });
  const refuse = (why: string) => new InputError(`not a value: "${assignment}" — ${why}`, { path: "--set", value: assignment });
  if (parsed.errors.length > 0) throw refuse(inWords(parsed.errors[0]!));
  let leaf: unknown;
  try {
    leaf = parsed.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw refuse(inWords(cause as Error));
  }
  refusePollution(leaf, [], { file: `--set ${assignment.slice(0, 60)}`, value: leaf, locate: () => undefined });
  return leaf;
}

function assign(value: unknown, [head, ...rest]: readonly string[], leaf: unknown): unknown {
  if (head === undefined) return leaf;
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === head ? assign(item, rest, leaf) : item));
  const record = value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
  return { ...record, [head]: assign(record[head], rest, leaf) };
}
