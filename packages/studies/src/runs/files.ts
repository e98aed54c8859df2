/*
 * Files that survive a kill: written beside, flushed, then renamed. What the disk says is told in words.
 */
import { constants } from "node:fs";
import { access, mkdir, open, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { InputError } from "@tatara/engine/base";

/** The disk refused: full, read-only, no permission. What was finished before is kept. */
export class StorageError extends Error {
  override readonly name = "StorageError";
}

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full — free some space, then `tatara resume` goes on from the last checkpoint",
  EDQUOT: "the disk quota is used up — free some space, then `tatara resume` goes on from the last checkpoint",
  EACCES: "no permission to write there — choose another directory with --out",
  EPERM: "no permission to write there — choose another directory with --out",
  EROFS: "the file system is read-only — choose another directory with --out",
  ENOTDIR: "a part of the path is a file — choose another directory with --out",
  EEXIST: "there is a file of this name — choose another name",
  EISDIR: "it is a directory — name a file",
  ENOENT: "there is no such directory, and none can be made — choose another with --out",
  ELOOP: "the path runs in circles of links — choose another with --out",
  EIO: "the disk reports an error — choose another with --out",
  EBUSY: "something else holds it — try again, or choose another with --out",
  ENAMETOOLONG: "the path is too long — choose a shorter one with --out",
  EMFILE: "too many open files",
};

/** Run a file operation and tell its failure in words. */
export async function told<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== undefined && Object.hasOwn(WORDS, code)) throw new StorageError(`cannot write ${path}: ${WORDS[code]}`, { cause });
    throw cause;
  }
}

let serial = 0;

/** Replace a file in one step: readers see the old or the new content, never a part. Links are followed. */
export const writeAtomic = (path: string, content: string | Uint8Array): Promise<void> =>
  told(path, async () => {
    const there = await stat(path).catch(() => undefined);
    // A device or a pipe (/dev/stdout) is written to; renaming over it would replace it.
    if (there !== undefined && !there.isFile()) return writeFile(path, content);
    const target = there === undefined ? path : await realpath(path);
    const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.${serial++}`);
    try {
      const file = await open(temporary, "w");
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {}); // what went wrong first is what counts
      throw error;
    }
  });

/** Make a directory and those above it, and make sure that it can be written. */
export const makeDirectory = (path: string): Promise<void> =>
  told(path, async () => {
    await makeParents(path);
    await access(path, constants.W_OK);
  });

/** Node's own recursive mkdir never returns below /proc: the parent is there and yet the child is "missing". */
async function makeParents(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(path)).isDirectory()) return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    await makeParents(dirname(path));
    await mkdir(path);
  }
}

/** Whether there is a regular file of that name, which writing would replace. */
export const isFile = (path: string): Promise<boolean> => stat(path).then((there) => there.isFile(), () => false);

/** A file as bytes; the system's error when it cannot be read. */
export const readBytes = (path: string): Promise<Buffer> => readFile(path);

/** A file as text, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw new InputError(`cannot read ${path}: ${(error as Error).message}`, { value: path, cause: error });
  }
}

/** The value of a JSON text that a run has written. Throws InputError naming the file when it is damaged. */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(`damaged file: ${path} — ${(cause as Error).message}; restore it, or begin a new run`, { value: path, cause });
  }
}
