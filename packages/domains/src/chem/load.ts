/* Starting RDKit. One instance per thread; about 0.2 s. */
import initRdkit from "@rdkit/rdkit";
import type { Rdkit } from "./types.ts";

// The package's types describe an ES module, the file is CommonJS: its default import is the function itself.
const start = initRdkit as unknown as (options?: unknown) => Promise<Rdkit>;

/** A fresh RDKit instance. `options` are Emscripten's, such as `instantiateWasm` for a module compiled elsewhere. */
export const loadRdkit = (options?: Readonly<Record<string, unknown>>): Promise<Rdkit> => start(options);
