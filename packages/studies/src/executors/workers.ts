import { availableParallelism } from "node:os";
import { InputError } from "@tatara/engine/base";

/** Worker threads when nothing is said: all processors. */
export const processors = (): number => availableParallelism();

/** The number of worker threads that a flag asks for; all processors when it is left out. */
export function workersOf(flag: string | undefined): number {
  if (flag === undefined) return processors();
  const n = Number(flag);
  if (!Number.isInteger(n) || n < 1 || n > 256) throw new InputError(`number of workers: "${flag}" — a whole number from 1 to 256`, { path: "--workers", value: flag });
  return n;
}
