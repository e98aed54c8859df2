/*
 * A run directory is the truth about a run: the resolved study, where it stands, and every result, each
 * written in one step. Whoever holds its lock may write; a lock whose process is gone is taken over.
 */
import { mkdir, open, readFile, readdir, rm, rmdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { decodeWithArrays, encodeWithArrays, InputError } from "@tatara/engine/base";
import { makeDirectory, readIfThere, told, writeAtomic } from "./files.ts";

export interface RunDirectory {
  readonly path: string;
  write(file: string, content: string | Uint8Array): Promise<void>;
  read(file: string): Promise<string | undefined>;
  /** Append one event with its time to journal.jsonl. */
  journal(event: Readonly<Record<string, unknown>>): Promise<void>;
  /** Plain data with typed arrays under `name`; large arrays lie beside, named by their hash. */
  save(name: string, value: unknown): Promise<void>;
  load(name: string): Promise<unknown>;
  release(): Promise<void>;
  /** Remove a run that was refused before it found anything: its files so far, and the directory if it was made for it. */
  discard(): Promise<void>;
}

/** Make a new run directory: `out`, or the next free `runs/<name>-<n>`. Never touches one that exists. */
export async function createRun({ out, name, parent = "runs" }: { readonly out?: string | undefined; readonly name: string; readonly parent?: string }): Promise<RunDirectory> {
  if (out !== undefined) {
    const path = resolve(out);
    const there = await stat(path).catch(() => undefined);
    if (there !== undefined && !there.isDirectory()) throw new InputError(`the output is a file: ${path} — name a new directory`, { path: "--out", value: out });
    if (there !== undefined && (await told(path, () => readdir(path))).length > 0) throw new InputError(`the output directory is not empty: ${path} — choose another, or continue that run with \`tatara resume ${out}\``, { path: "--out", value: out });
    await makeDirectory(path);
    return hold(path, { made: there === undefined });
  }
  await makeDirectory(resolve(parent));
  for (let n = 1; ; n++) {
    const path = resolve(parent, `${name}-${n}`);
    const made = await told(path, () => mkdir(path).then(() => true, (error: NodeJS.ErrnoException) => (error.code === "EEXIST" ? false : Promise.reject(error))));
    if (made) return hold(path, { made });
  }
}

/** Open an existing run to go on with it. Throws InputError when it is no run or another process holds it. */
export async function openRun(path: string): Promise<RunDirectory> {
  const full = resolve(path);
  if ((await readIfThere(join(full, "study.yaml")).catch(() => undefined)) === undefined) throw new InputError(`no run there: ${full} — name a directory that \`tatara run\` made`, { path: "run", value: path });
  return hold(full, { made: false });
}

async function hold(path: string, { made }: { readonly made: boolean }): Promise<RunDirectory> {
  const lock = join(path, ".lock");
  await takeLock(lock, path);
  await makeDirectory(join(path, "checkpoint"));
  return {
    path,
    write: (file, content) => writeAtomic(join(path, file), content),
    read: (file) => readIfThere(join(path, file)),
    journal: (event) => append(join(path, "journal.jsonl"), `${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`),
    save: (name, value) => save(path, name, value),
    load: (name) => loadData(join(path, name)),
    release: () => rm(lock, { force: true }),
    discard: () => discard(path, made),
  };
}

/** Copies of the models that a run learns from. */
const SOURCE_FILE = /^source-\d+(\.[0-9a-f]+\.bin|\.json)$/;

/** Only what every run begins with is removed; a directory with anything else in it stays. */
async function discard(path: string, made: boolean): Promise<void> {
  for (const file of ["study.yaml", "run.json", "journal.jsonl", "rejected.csv", "elements.csv", ".lock"]) await rm(join(path, file), { force: true });
  for (const file of await readdir(path)) if (SOURCE_FILE.test(file)) await rm(join(path, file), { force: true });
  await rmdir(join(path, "checkpoint")).catch(() => {});
  if (made) await rmdir(path).catch(() => {});
}

const append = (path: string, text: string): Promise<void> =>
  told(path, async () => {
    const file = await open(path, "a");
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  });

async function save(path: string, name: string, value: unknown): Promise<void> {
  const { json, arrays } = encodeWithArrays(value);
  for (const [id, bytes] of arrays) await writeOnce(join(path, arrayPath(name, id)), bytes);
  await writeAtomic(join(path, name), json);
  await dropStale(path, name, new Set(arrays.keys()));
}

/** Data that `save` wrote, with the arrays beside it; undefined when there is no such file. */
export async function loadData(path: string): Promise<unknown> {
  const json = await readIfThere(path);
  if (json === undefined) return undefined;
  return decodeWithArrays(json, async (id) => {
    const array = arrayPath(path, id);
    const bytes = await readFile(array).catch((cause: Error) => {
      throw new InputError(`missing array: ${array} — it belongs to ${path}; copy the .bin files too`, { value: array, cause });
    });
    return new Uint8Array(bytes);
  });
}

/** `model.json` keeps its arrays as `model.<hash>.bin`, beside itself. */
const arrayPath = (name: string, id: string): string => `${name.replace(/\.json$/, "")}.${id.slice(0, 16)}.bin`;

async function writeOnce(path: string, bytes: Uint8Array): Promise<void> {
  const there = await readFile(path).catch(() => undefined);
  if (there === undefined || !there.equals(bytes)) await writeAtomic(path, bytes);
}

/** Arrays that the newest version of `name` no longer needs. */
async function dropStale(path: string, name: string, live: ReadonlySet<string>): Promise<void> {
  const folder = join(path, name, "..");
  const wanted = new Set([...live].map((id) => join(path, arrayPath(name, id))));
  const stem = join(path, name.replace(/\.json$/, ""));
  for (const file of await readdir(folder)) {
    const full = join(folder, file);
    if (full.startsWith(`${stem}.`) && full.endsWith(".bin") && !wanted.has(full)) await rm(full, { force: true });
  }
}

async function takeLock(lock: string, path: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = await open(lock, "wx");
      await file.writeFile(String(process.pid));
      await file.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return told(path, () => Promise.reject(error));
      const owner = Number(await readIfThere(lock));
      if (owner !== process.pid && (await isAlive(owner))) throw new InputError(`another process works on this run: ${path} (process ${owner}) — wait until it ends`, { path: "run", value: path });
      await rm(lock, { force: true });
    }
  }
  throw new InputError(`another process works on this run: ${path} — wait until it ends`, { path: "run", value: path });
}

async function isAlive(pid: number): Promise<boolean> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !(await isZombie(pid));
}

/** Ended, but nobody has asked how: in a container whose first process never asks, it keeps its number for ever. Linux only. */
async function isZombie(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  return stat.slice(stat.lastIndexOf(")")).startsWith(") Z");
}
