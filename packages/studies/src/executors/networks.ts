/*
 * What networks are trained and run by: onnxruntime where it loads, with one thread, so that results do not depend on the
 * machine's size and worker threads do not get in each other's way; otherwise the interpreter, which trains small networks slowly.
 * Two settings of the environment: TATARA_DEVICES names execution providers in the order in which they are tried (`cuda,cpu`;
 * `webgpu,cpu`), and TATARA_ONNXRUNTIME=off leaves onnxruntime aside.
 */
import { InputError } from "@tatara/engine/base";
import { interpreter, ortBackend, type Backend, type OrtModule, type OrtOptions } from "@tatara/neural";

export interface Networks {
  readonly backend: Backend;
  /** Why onnxruntime is not used, in one line, where it is not. */
  readonly warning?: string;
}

const DEVICES = ["cpu", "webgpu", "cuda"] as const;

export interface NetworkOptions {
  /** Loads onnxruntime. */
  readonly load?: () => Promise<OrtModule>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Load what networks run on. Throws InputError for devices that do not exist. */
export async function openNetworks({ load = () => import("onnxruntime-node") as Promise<OrtModule>, environment = process.env }: NetworkOptions = {}): Promise<Networks> {
  if (environment["TATARA_ONNXRUNTIME"] === "off") return without("TATARA_ONNXRUNTIME=off");
  const devices = devicesOf(environment["TATARA_DEVICES"]);
  try {
    return { backend: ortBackend(await load(), { ...(devices && { devices }) }) };
  } catch (error) {
    return without(String((error as Error).message).split("\n")[0]!);
  }
}

const without = (reason: string): Networks => ({ backend: interpreter, warning: `onnxruntime cannot be used (${reason}): networks are trained by the interpreter, many times slower` });

function devicesOf(text: string | undefined): OrtOptions["devices"] {
  if (text === undefined || text === "") return undefined;
  return text.split(",").map((name) => {
    const device = DEVICES.find((one) => one === name.trim());
    if (device === undefined) throw new InputError(`unknown device: "${name.trim()}" — TATARA_DEVICES names ${DEVICES.join(", ")}`, { path: "TATARA_DEVICES", value: text });
    return device;
  });
}

let opened: Promise<Networks> | undefined;

/** The one of this thread. */
export const networkBackend = (): Promise<Networks> => (opened ??= openNetworks());
