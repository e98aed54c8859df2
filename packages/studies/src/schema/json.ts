/*
 * What is wrong with a text that is no JSON, and where: JSON.parse says it in words that differ between versions, and often
 * without a place. RFC 8259; asked only once JSON.parse has refused.
 */

export interface JsonFault {
  /** Index into the text. */
  readonly at: number;
  /** What is wrong there and what would be right, in a user's words. */
  readonly why: string;
}

/** Deeper than this nothing is looked at. */
const MAX_DEPTH = 500;

class Fault extends Error {
  readonly at: number;
  constructor(at: number, why: string) {
    super(why);
    this.at = at;
  }
}

/** The first fault of a text; undefined when it is JSON. */
export function jsonFault(text: string): JsonFault | undefined {
  try {
    const end = blank(text, valueAt(text, blank(text, 0), 0));
    if (end < text.length) throw new Fault(end, `${shown(text, end)} after the end of the study — one pair of braces holds all of it`);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return { at: error.at, why: error.message };
    throw error;
  }
}

const shown = (text: string, at: number): string => (at >= text.length ? "the text ends" : `found ${JSON.stringify(String.fromCodePoint(text.codePointAt(at)!))}`);

function blank(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text[at]!)) at++;
  if (text[at] === "/" || text[at] === "#") throw new Fault(at, "a comment — JSON has none; write the study as YAML, or leave it out");
  return at;
}

const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

/** The end of the value that begins at `at`. */
function valueAt(text: string, at: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new Fault(at, "nested too deeply — a study is a few levels deep");
  if (text[at] === "{") return members(text, at, { close: "}", what: "object", one: (from) => valueAt(text, colon(text, nameAt(text, from)), depth + 1) });
  if (text[at] === "[") return members(text, at, { close: "]", what: "list", one: (from) => valueAt(text, from, depth + 1) });
  if (text[at] === '"') return stringEnd(text, at);
  LITERAL.lastIndex = at;
  if (LITERAL.test(text)) return LITERAL.lastIndex;
  const word = /[\w.+-]+/y;
  word.lastIndex = at;
  const found = word.exec(text)?.[0];
  throw new Fault(at, found === undefined ? `${quoteHint(text, at) || shown(text, at)} — a value is needed: text in double quotes, a number, true, false, null, {…} or […]` : `found ${JSON.stringify(found.slice(0, 40))} — text stands in double quotes, and a number is written like 0.5`);
}

const quoteHint = (text: string, at: number): string => (text[at] === "'" ? "single quotes" : "");

/** A list of members between brackets. */
function members(text: string, open: number, { close, what, one }: { readonly close: string; readonly what: string; readonly one: (from: number) => number }): number {
  let at = blank(text, open + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    at = blank(text, one(at));
    if (text[at] === close) return at + 1;
    if (text[at] !== ",") throw new Fault(at, `${shown(text, at)} — a comma or ${close} is missing in this ${what}`);
    const comma = at;
    at = blank(text, at + 1);
    if (text[at] === close) throw new Fault(comma, `a comma before ${close} — leave it out`);
  }
}

function nameAt(text: string, at: number): number {
  if (text[at] !== '"') throw new Fault(at, `${quoteHint(text, at) || shown(text, at)} — a field's name in double quotes is needed`);
  return stringEnd(text, at);
}

function colon(text: string, from: number): number {
  const at = blank(text, from);
  if (text[at] !== ":") throw new Fault(at, `${shown(text, at)} — a colon is missing after the field's name`);
  return blank(text, at + 1);
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

function stringEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '"') return at + 1;
    if (text[at] === "\n" || text[at] === "\r") break;
    if (text[at]! < " ") throw new Fault(at, "a control character within a text — write a tab as \\t");
    if (text[at] !== "\\") continue;
    ESCAPE.lastIndex = at;
    if (!ESCAPE.test(text)) throw new Fault(at, `unknown escape ${JSON.stringify(text.slice(at, at + 2))} — write a backslash twice`);
    at = ESCAPE.lastIndex - 1;
  }
  throw new Fault(open, "a text is not closed — double quotes end it on the same line");
}
