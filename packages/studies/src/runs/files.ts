/*
 * Files that survive a kill: written beside, flushed, then renamed. What the disk says is told in words.
 */
import { constants } from "node:fs";
import { access, mkdir, open, readFile, rename, rm } from "node:fs/promises";
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

/** Replace a file in one step: readers see the old or the new content, never a part. */
export const writeAtomic = (path: string, content: string | Uint8Array): Promise<void> =>
  told(path, async () => {
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${serial++}`);
    try {
      const file = await open(temporary, "w");
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });

/** Make a directory and those above it, and make sure that it can be written. */
export const makeDirectory = (path: string): Promise<void> =>
  told(path, async () => {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  });

/** A file as bytes; the system's error when it cannot be read. */
export const readBytes = (path: string): Promise<Buffer> => readFile(path);

/** A file as text, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new InputError(`cannot read ${path}: ${(error as Error).message}`, { value: path, cause: error });
  }
}
