/*
 * Rules of a finished run as a constraint of another study: `constraints: { rules: runs/rules-1/rules.json }`. The
 * best rule's intervals take the path's place when the study is loaded, so that the run keeps them and the file may go.
 */
import { resolve } from "node:path";
import { hash, InputError } from "@tatara/engine/base";
import type { DomainSetup } from "../../catalogue/domains.ts";
import { RULES } from "../../catalogue/ruleConstraint.ts";
import { readIfThere } from "../../runs/files.ts";

/** A condition as rules.json holds it. */
export interface WrittenCondition {
  readonly feature: string;
  readonly unit: string;
  readonly low?: number | null;
  readonly high?: number | null;
}

/** Conditions in the grammar of targets, by feature. */
export const intervalsOf = (conditions: readonly WrittenCondition[]): Readonly<Record<string, string>> => Object.fromEntries(conditions.map((one) => [one.feature, intervalText(one)]));

function intervalText({ low, high, unit }: WrittenCondition): string {
  const symbol = unit === "1" ? "" : ` ${unit}`;
  if (low === undefined || low === null) return `<= ${high}${symbol}`;
  if (high === undefined || high === null) return `>= ${low}${symbol}`;
  if (low < high) return `${low} .. ${high}${symbol}`;
  // The grammar has no range of one value.
  const near = Math.max(Math.abs(low), 1) * 1e-9;
  return `${low - near} .. ${low + near}${symbol}`;
}

/** Constraints with the named rules written out; `base` is where paths count from. Throws InputError when they cannot be read. */
export async function withRulesRead(constraints: Readonly<Record<string, unknown>>, setup: DomainSetup, base: string): Promise<Readonly<Record<string, unknown>>> {
  const named = constraints[RULES];
  return typeof named === "string" ? { ...constraints, [RULES]: await readRules(named, setup, base) } : constraints;
}

interface RulesFile {
  readonly format?: unknown;
  readonly kind?: unknown;
  readonly domain?: unknown;
  readonly elements?: string | null;
  readonly best?: { readonly conditions?: readonly WrittenCondition[] };
}

async function readRules(named: string, { domain, elements }: DomainSetup, base: string): Promise<Readonly<Record<string, string>>> {
  const path = `constraints.${RULES}`;
  const refuse = (why: string, cause?: unknown) => new InputError(`cannot read the rules: ${named} — ${why}`, { path, value: named, cause });
  const text = await readIfThere(resolve(base, named)).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(cause.code === "EISDIR" ? "it is a directory; name the rules.json in it" : cause.message, cause);
  });
  if (text === undefined) throw refuse(`there is no such file (${resolve(base, named)}); name the rules.json of a run`);
  const file = parsed(text);
  if (file?.kind !== "rules" || file.format !== 1 || !Array.isArray(file.best?.conditions)) throw refuse("it is no rules.json of tatara, or of a newer one");
  if (file.domain !== domain) throw new InputError(`rules of another domain: ${named} is about domain ${String(file.domain)} — the study's is ${domain}`, { path, value: named });
  if ((file.elements ?? null) !== (elements === undefined ? null : hash(elements))) throw new InputError(`rules of another table of elements: ${named} — say data.elements as in the study that found them`, { path, value: named });
  if (file.best.conditions.length === 0) throw new InputError(`rules without conditions: ${named} — its best rule holds for everything; leave it out`, { path, value: named });
  return intervalsOf(file.best.conditions);
}

function parsed(text: string): RulesFile | undefined {
  try {
    return JSON.parse(text) as RulesFile;
  } catch {
    return undefined; // told by the caller, in the words of whoever named the file
  }
}
