/*
 * What networks are trained and run by: onnxruntime where it loads, with one thread, so that results do not depend on the
 * machine's size and worker threads do not get in each other's way; otherwise the interpreter, which trains small networks slowly.
 * Two settings of the environment: TATARA_DEVICES names execution providers in the order in which they are tried (`cuda,cpu`;
 * `webgpu,cpu`), the first one that is there is taken; and TATARA_ONNXRUNTIME=off leaves onnxruntime aside.
 */
import { InputError } from "@tatara/engine/base";
import { interpreter, op, ortBackend, type Backend, type OrtModule } from "@tatara/neural";

export interface Networks {
  readonly backend: Backend;
  /** Why something slower than what was asked for is used, in one line. */
  readonly warning?: string;
}

const DEVICES = ["cpu", "webgpu", "cuda"] as const;
type Device = (typeof DEVICES)[number];

export interface NetworkOptions {
  /** Loads onnxruntime. */
  readonly load?: () => Promise<OrtModule>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Load what networks run on. Throws InputError for devices that do not exist, and where none of those named is there. */
export async function openNetworks({ load = () => import("onnxruntime-node") as Promise<OrtModule>, environment = process.env }: NetworkOptions = {}): Promise<Networks> {
  if (environment["TATARA_ONNXRUNTIME"] === "off") return without("TATARA_ONNXRUNTIME=off");
  const devices = devicesOf(environment["TATARA_DEVICES"]);
  let ort: OrtModule;
  try {
    ort = await load();
  } catch (error) {
    return without(firstLine(error));
  }
  return devices.length === 0 ? { backend: ortBackend(ort) } : onDevices(ort, devices);
}

const firstLine = (error: unknown): string => String((error as Error).message).split("\n")[0]!.trim();

/** Where in onnxruntime's sources a check failed, before what it says. */
const PLACE = /^\S+\.cc:\d+ .* was false\. /;

/** The first device on which a small program runs. */
async function onDevices(ort: OrtModule, devices: readonly Device[]): Promise<Networks> {
  const missing: string[] = [];
  for (const device of devices) {
    const backend = ortBackend(ort, { devices: [device] });
    try {
      const probe = await backend.compile({ outputs: { y: op.add(op.input("x", [1]), 1) } });
      await probe.run({ x: Float32Array.of(1) });
      await probe.dispose();
    } catch (error) {
      missing.push(`${device} (${firstLine((error as Error).cause ?? error).replace(PLACE, "")})`);
      continue;
    }
    return { backend, ...(missing.length > 0 && { warning: `not available: ${missing.join(", ")} — networks run on ${device}` }) };
  }
  throw new InputError(`no device for networks: TATARA_DEVICES=${devices.join(",")}, not available: ${missing.join(", ")} — ${devices.includes("cpu") ? "install onnxruntime-node anew" : "add cpu, which every machine has, or leave TATARA_DEVICES out"}`, { path: "TATARA_DEVICES", value: devices.join(",") });
}

const without = (reason: string): Networks => ({ backend: interpreter, warning: `onnxruntime cannot be used (${reason}): networks are trained by the interpreter, many times slower` });

function devicesOf(text: string | undefined): readonly Device[] {
  if (text === undefined || text.trim() === "") return [];
  return text.split(",").map((name) => {
    const device = DEVICES.find((one) => one === name.trim());
    if (device === undefined) throw new InputError(`unknown device: "${name.trim()}" — TATARA_DEVICES names ${DEVICES.join(", ")}`, { path: "TATARA_DEVICES", value: text });
    return device;
  });
}

let opened: Promise<Networks> | undefined;

/** The one of this thread. */
export const networkBackend = (): Promise<Networks> => (opened ??= openNetworks());

/** Whether networks train fast enough to be tried unasked: the interpreter does not. */
export const trainsFast = async (): Promise<boolean> => (await networkBackend()).backend !== interpreter;
