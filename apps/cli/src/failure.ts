/*
 * What a failure tells the user and the shell: one sentence, and an exit code of its own.
 */
import pc from "picocolors";
import { InputError, NumericalError, UnsupportedError } from "@tatara/engine/base";
import { StorageError } from "@tatara/studies/runs";
import { Interrupted } from "./host.ts";

/** Documented in docs/command-line.md. */
export const EXIT = { ok: 0, bug: 1, input: 2, unsupported: 3, numerical: 4, storage: 5, interrupted: 130 } as const;

export interface Failure {
  readonly code: number;
  readonly message: string;
}

/** Classify an error. Only a bug of ours shows a stack, and asks for a report. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Interrupted) return { code: EXIT.interrupted, message: "interrupted" };
  if (error instanceof InputError) return { code: EXIT.input, message: error.message };
  if (error instanceof UnsupportedError) return { code: EXIT.unsupported, message: error.message };
  if (error instanceof NumericalError) return { code: EXIT.numerical, message: `${error.message}${Object.entries(error.values).map(([name, value]) => ` (${name} = ${value})`).join("")}` };
  if (error instanceof StorageError) return { code: EXIT.storage, message: error.message };
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC") return { code: EXIT.storage, message: "the disk is full — free some space" };
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return { code: EXIT.storage, message: `the system refused: ${message}` };
  const trace = process.env["TATARA_DEBUG"] === undefined ? " — run again with TATARA_DEBUG=1 for the details, and report it" : `\n${(error as Error).stack ?? ""}`;
  return { code: EXIT.bug, message: `this is a bug in tatara: ${message ?? String(error)}${trace}` };
}

export const printFailure = ({ message }: Failure): void => void process.stderr.write(`${pc.red("error")}: ${message}\n`);
