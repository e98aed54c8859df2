/* A composition as a record of amounts: `{"Al": 65, "Cu": 20}`, also with Python's quotes. */
import { atomicNumber } from "../../chem/elements.ts";
import type { Amounts } from "../type.ts";
import { problem } from "./problem.ts";
import { insert } from "./scan.ts";
import { unknownSymbol } from "./symbol.ts";

export function record(text: string): Amounts {
  const z: number[] = [];
  const amounts: number[] = [];
  for (const [symbol, amount] of Object.entries(objectIn(text))) {
    const at = Math.max(0, text.search(new RegExp(`["']${symbol.replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`)}["']`, "u")) + 1);
    if (!atomicNumber(symbol)) throw symbol === "" ? problem(text, at, 1, "no element", "write the symbol in the quotes") : symbol === "*" || !/^[A-Z]/.test(symbol) ? problem(text, at, symbol.length, "not an element", "keys are symbols such as \"Al\"") : unknownSymbol(text, at);
    if (typeof amount !== "number" || !Number.isFinite(amount)) throw problem(text, at, symbol.length, "amount that is no number", `of ${symbol} it is ${JSON.stringify(amount)}; write a positive number`);
    if (amount <= 0) throw problem(text, at, symbol.length, amount === 0 ? "zero amount" : "negative amount", `of ${symbol} it is ${amount}; amounts are positive`);
    if (amount > 1e9) throw problem(text, at, symbol.length, "amount too large", "amounts go up to 1000000000");
    insert(z, amounts, atomicNumber(symbol)!, amount);
  }
  if (z.length === 0) throw problem(text, 0, text.length, "no elements", 'write at least one, as in {"Al": 1}');
  return { z, amounts };
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text.replaceAll("'", '"'));
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // told below, for both reasons
  }
  throw problem(text, 0, text.length, "not a record of amounts", 'write JSON, as in {"Al": 65, "Cu": 20, "Fe": 15}');
}
