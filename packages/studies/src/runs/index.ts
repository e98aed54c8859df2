export { arrayPath, createRun, openRun, type RunDirectory } from "./directory.ts";
export { readIfThere, StorageError, writeAtomic } from "./files.ts";
