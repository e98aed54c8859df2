/* The command line as a user meets it: a process with arguments, two streams and an exit code. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

export const BIN = fileURLToPath(new URL("../bin/tatara.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when standard error holds the text. */
  says(text: string | RegExp): Promise<void>;
}

const ENVIRONMENT = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, TATARA_DEBUG: undefined, NODE_OPTIONS: undefined };

/** Start `tatara` with arguments; `detached` makes it the head of its own process group, as a shell does. */
export function start(args: readonly string[], cwd: string, command = [process.execPath, BIN], { detached = false }: { readonly detached?: boolean } = {}): Running {
  const child = spawn(command[0]!, [...command.slice(1), ...args], { cwd, detached, env: ENVIRONMENT as NodeJS.ProcessEnv, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name]!.setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
      for (const listen of listeners) listen();
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...text }));
  });
  const says = (wanted: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const found = () => (typeof wanted === "string" ? text.stderr.includes(wanted) : wanted.test(text.stderr));
      const look = () => void (found() && (listeners.delete(look), resolve()));
      listeners.add(look);
      void ended.then(() => (found() ? resolve() : reject(new Error(`never said ${String(wanted)}: ${text.stderr}`))));
      look();
    });
  return { child, ended, says };
}

/** Run `tatara` to its end; whatever happens, there is no stack trace. */
export async function tatara(args: readonly string[], cwd: string): Promise<Ended> {
  const result = await start(args, cwd).ended;
  expectNoTrace(result);
  return result;
}

export const expectNoTrace = ({ stdout, stderr }: Ended): void => expect(stdout + stderr).not.toMatch(/\n\s+at |node:internal|UnhandledPromise|this is a bug/);

const STRUCTURES = ["C", "CC", "CCC", "CCCC", "CCCCC", "CCO", "CCCO", "CCCCO", "CCN", "CCCN", "c1ccccc1", "Cc1ccccc1", "CCc1ccccc1", "Oc1ccccc1", "Nc1ccccc1", "CC(=O)O", "CCC(=O)O", "CC(C)C", "CC(C)O", "C1CCCCC1"];

export const TABLE = `smiles,y\n${STRUCTURES.map((smiles, i) => `${smiles},${(0.3 * smiles.length + 0.01 * i).toFixed(2)}`).join("\n")}\n`;

export const STUDY = `study: fit
domain: molecule
data: { table: t.csv, properties: { y: {} } }
represent: [physchem]
learn: { model: linear, folds: 2, split: random }
workers: 1
`;

/** A folder with a study that fits in a second, its table, and further files. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tatara-cli-"));
  for (const [name, content] of Object.entries({ "study.yaml": STUDY, "t.csv": TABLE, ...files })) await writeFile(join(folder, name), content);
  return folder;
}
