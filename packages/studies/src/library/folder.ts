/*
 * Libraries on disk: one folder for each model, with `card.json` and `model.onnx`. The shipped one comes with the program and is
 * read only; the user's own is where TATARA_LIBRARY says, else in the home directory.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "@tatara/engine/base";
import { shippedModels } from "@tatara/models";
import { makeDirectory, readBytes, readIfThere, told, writeAtomic } from "../runs/files.ts";
import { cardText, readCard, type Card } from "./card.ts";

export const CARD = "card.json";
export const MODEL = "model.onnx";
export const SEEN = "seen.bin";

/** A model of a library. */
export interface LibraryEntry {
  readonly card: Card;
  /** Its folder. */
  readonly path: string;
  readonly shipped: boolean;
}

/** Models that this project trained. */
export const shippedLibrary = (): string => fileURLToPath(shippedModels);

/** The user's library: as given, or TATARA_LIBRARY, or `.tatara/library` in the home directory. Throws InputError for the shipped one, which is read only. */
export function ownLibrary(given?: string): string {
  const path = resolve(given ?? (process.env["TATARA_LIBRARY"] || join(homedir(), ".tatara", "library")));
  if (path === resolve(shippedLibrary())) throw new InputError(`the library that comes with the program is read only: ${path} — name another folder with --library or TATARA_LIBRARY`, { path: "--library", value: path });
  return path;
}

/** What is in a library, by name, and what could not be read. A library that is not there is empty, unless it is needed. Throws InputError. */
export async function listLibrary(folder: string, { needed = false }: { readonly needed?: boolean } = {}): Promise<{ readonly entries: readonly LibraryEntry[]; readonly broken: readonly string[] }> {
  const names = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" && !needed) return [];
    if (error.code === "ENOENT") throw new InputError(`no library there: ${folder} — a library is a folder with a folder for each model; tatara library add makes one`, { path: "--library", value: folder, cause: error });
    throw new InputError(`cannot read the library: ${folder} — ${error.code === "ENOTDIR" ? "it is a file; name a folder of models" : error.message}`, { path: "library", value: folder, cause: error });
  });
  const entries: LibraryEntry[] = [];
  const broken: string[] = [];
  for (const name of names.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map((entry) => entry.name).sort()) {
    try {
      const entry = await readEntry(join(folder, name));
      if (entry) entries.push(entry);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      broken.push(error.message);
    }
  }
  return { entries, broken };
}

/** The model in a folder; undefined where there is none. Throws InputError for a broken card. */
export async function readEntry(path: string): Promise<LibraryEntry | undefined> {
  const text = await readIfThere(join(path, CARD));
  return text === undefined ? undefined : { card: readCard(text, join(path, CARD)), path, shipped: resolve(path).startsWith(resolve(shippedLibrary()) + sep) };
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The ONNX file of a model. Throws InputError when it is missing, or is not the one that the card is about. */
export async function readNetworkFile({ card, path }: LibraryEntry): Promise<Uint8Array> {
  return checkedFile(join(path, MODEL), card.sha256);
}

/** Hashes of the materials that a model learnt from, in growing order; undefined where they were left out. Throws InputError as `readNetworkFile`. */
export async function readSeen({ card: { seen }, path }: LibraryEntry): Promise<Uint32Array | undefined> {
  if (seen === undefined) return undefined;
  const bytes = await checkedFile(join(path, SEEN), seen.sha256);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(4 * i));
}

async function checkedFile(file: string, checksum: string): Promise<Buffer> {
  const bytes = await readBytes(file).catch((cause: Error) => {
    throw new InputError(`cannot read the model: ${file} — ${cause.message}`, { path: "library", value: file, cause });
  });
  if (sha256(bytes) !== checksum) throw new InputError(`another model than its card says: ${file} — its checksum differs; pull or add it anew`, { path: "library", value: file });
  return bytes;
}

const seenBytes = (seen: Uint32Array): Buffer => {
  const bytes = Buffer.alloc(4 * seen.length);
  seen.forEach((one, i) => bytes.writeUInt32LE(one, 4 * i));
  return bytes;
};

/** What a model of a library is made of. */
export interface NewEntry {
  readonly card: Omit<Card, "sha256" | "seen">;
  readonly file: Uint8Array;
  /** Hashes of the materials, unless they are to be left out. */
  readonly seen?: Uint32Array;
}

/** Put a model into a library, whole or not at all. Throws InputError when the name is taken, unless forced. */
export async function putEntry(folder: string, { card, file, seen }: NewEntry, { force = false }: { readonly force?: boolean } = {}): Promise<LibraryEntry> {
  const path = join(folder, card.name);
  if (!force && (await readIfThere(join(path, CARD))) !== undefined) throw new InputError(`there is a model of this name already: ${path} — give it another name with --name, or write over it with --force`, { path: "--name", value: card.name });
  await makeDirectory(folder);
  const hashes = seen && seenBytes(seen);
  const whole: Card = { ...card, ...(hashes && { seen: { materials: hashes.length / 4, sha256: sha256(hashes) } }), sha256: sha256(file) };
  await told(path, async () => {
    const temporary = join(folder, `.${card.name}.${process.pid}`);
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    await writeAtomic(join(temporary, MODEL), file);
    if (hashes) await writeAtomic(join(temporary, SEEN), hashes);
    await writeAtomic(join(temporary, CARD), cardText(whole));
    // The old one stays until the new one stands whole beside it.
    const old = `${temporary}.old`;
    if ((await readIfThere(join(path, CARD))) !== undefined) await rename(path, old);
    await rename(temporary, path);
    await rm(old, { recursive: true, force: true });
  });
  return { card: whole, path, shipped: false };
}
