/*
 * Results kept in a directory that the caller names: one JSON file per (structure, settings, version, key), written
 * to a temporary name and renamed, so that a killed run leaves no half file. Failures of a calculation are kept too,
 * but not those that another machine or day may cure (a missing program, a time limit).
 */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashJson } from "@tatara/engine/base";
import { isFailure } from "./types.ts";
import type { Calculated, Failure } from "./types.ts";

/** Everything that decides a result. */
export interface CacheKey {
  readonly calculator: string;
  readonly version: string;
  readonly settings: unknown;
  readonly structure: string;
  readonly key: unknown;
}

/** Answer from `directory`, or compute and keep. Without a directory nothing is kept. */
export async function cached(directory: string | undefined, name: CacheKey, compute: () => Promise<Calculated | Failure>): Promise<Calculated | Failure> {
  if (directory === undefined) return compute();
  const id = hashJson(name);
  const file = join(directory, id.slice(0, 2), `${id}.json`);
  const kept = await readKept(file);
  if (kept) return kept;
  const result = await compute();
  if (!isFailure(result) || result.kind === "calculation") await writeWhole(file, JSON.stringify({ ...name, result }));
  return result;
}

/** The kept result; undefined when there is none or the file is damaged. */
async function readKept(file: string): Promise<Calculated | Failure | undefined> {
  try {
    return (JSON.parse(await readFile(file, "utf8")) as { result: Calculated | Failure }).result;
  } catch {
    return undefined;
  }
}

let serial = 0;

async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.${serial++}.tmp`;
  await mkdir(join(file, ".."), { recursive: true });
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
