/*
 * Where networks run: a backend that is loaded once, when the first network needs it, and a few opened models. A model
 * that is not used any more gives its place to another, so that memory stays bounded however many models there are.
 */
import type { Backend, Executable, Feeds, Program, Values } from "../runtime/types.ts";

/** A model that can be run: as a file, and as a program for a number of rows, where files cannot be opened. */
export interface Runnable {
  readonly file: Uint8Array;
  program(rows: number): Program;
}

/** Inputs of a model: numbers of each row one after another. */
export type RowFeeds = Readonly<Record<string, { readonly values: Values; readonly width: number }>>;

export interface NeuralHost {
  backend(): Promise<Backend>;
  /** Outputs of the first `rows` rows; the feeds may hold more. Rows are run in blocks whose sizes do not depend on their contents. */
  run(model: Runnable, feeds: RowFeeds, rows: number, only: readonly string[]): Promise<Feeds>;
  /** Close every opened model. */
  dispose(): Promise<void>;
}

export interface HostOptions {
  /** Models that are kept open. Default 8. */
  readonly open?: number;
}

/** Rows of a block are a multiple of this: the kernels for one row add in another order than those for several. */
const STEP = 16;

interface Opened {
  readonly executables: Map<number, Promise<Executable>>;
  users: number;
}

/** A host over a backend that `load` gives when it is first needed. */
export function neuralHost(load: () => Promise<Backend>, { open: most = 8 }: HostOptions = {}): NeuralHost {
  let loading: Promise<Backend> | undefined;
  const backend = (): Promise<Backend> => (loading ??= load());
  // In the order of their last use.
  const opened = new Map<Uint8Array, Opened>();

  const close = async ({ executables }: Opened): Promise<void> => {
    for (const executable of executables.values()) await (await executable).dispose();
  };
  const makeRoom = async (): Promise<void> => {
    for (const [file, one] of opened) {
      if (opened.size <= most) return;
      if (one.users > 0) continue;
      opened.delete(file);
      await close(one);
    }
  };
  const executableOf = async (model: Runnable, one: Opened, rows: number): Promise<Executable> => {
    const { open, compile } = await backend();
    const size = open === undefined ? rows : 0;
    const known = one.executables.get(size) ?? (open === undefined ? compile(model.program(rows)) : open(model.file));
    one.executables.set(size, known);
    return known;
  };

  return {
    backend,
    run: async (model, feeds, rows, only) => {
      const one = opened.get(model.file) ?? { executables: new Map(), users: 0 };
      opened.delete(model.file);
      opened.set(model.file, one);
      one.users++;
      try {
        const most = Object.values(feeds).reduce((length, { values, width }) => Math.max(length, width === 0 ? 0 : values.length / width), rows);
        const padded = Math.ceil(most / STEP) * STEP;
        const executable = await executableOf(model, one, padded);
        const told = await executable.run(Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, filledUp(feed, padded)])), only);
        return Object.fromEntries(only.map((name) => [name, told[name].subarray(0, (told[name].length / padded) * rows)]));
      } finally {
        one.users--;
        await makeRoom();
      }
    },
    dispose: async () => {
      const all = [...opened.values()];
      opened.clear();
      for (const one of all) await close(one);
    },
  };
}

/** Rows of zeros after the last one. */
function filledUp({ values, width }: RowFeeds[string], rows: number): Values {
  if (values.length === rows * width) return values;
  const out = values instanceof Int32Array ? new Int32Array(rows * width) : new Float32Array(rows * width);
  out.set(values);
  return out;
}
