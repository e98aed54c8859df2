/*
 * Running a program: argv array, no shell, its own process group, which is killed whole when the signal fires.
 */
import { spawn } from "node:child_process";

export interface ProgramRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface ProgramResult {
  /** Exit status; null when a signal ended the program. */
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Output beyond this many characters is cut at the front: what programs conclude stands at the end. */
const MOST_TEXT = 4_000_000;

/** Run to the end. Rejects with the signal's reason when aborted, and with the ENOENT error when there is no such program. */
export function runProgram({ command, args, directory, environment = {}, signal }: ProgramRun): Promise<ProgramResult> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: directory, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const killGroup = () => killProcessGroup(child.pid);
    signal.addEventListener("abort", killGroup, { once: true });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-MOST_TEXT)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-MOST_TEXT)));
    const finish = (settle: () => void) => {
      signal.removeEventListener("abort", killGroup);
      settle();
    };
    child.once("error", (error) => finish(() => reject(error)));
    child.once("close", (status) => finish(() => (signal.aborted ? reject(signal.reason) : resolve({ status, output, errors }))));
  });
}

function killProcessGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // The group may have ended by itself in the meantime.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Whether an error says that the program is not there. */
export const isMissing = (error: unknown): boolean => ["ENOENT", "EACCES"].includes((error as NodeJS.ErrnoException | undefined)?.code ?? "");
