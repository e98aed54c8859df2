/*
 * What the xtb calculators share: from a graph to a GFN2 single point at an optimised geometry, within a time limit,
 * trouble told in words.
 */
import { unbuildable } from "@tatara/domains/chem/geometry";
import type { Geometry } from "@tatara/domains/chem/geometry";
import type { Graph } from "@tatara/domains/chem";
import { UnsupportedError } from "@tatara/engine/base";
import type { Context, Key } from "@tatara/engine/base";
import { relaxedConformers } from "./conformers.ts";
import type { Failure } from "./types.ts";
import { optimise, singlePoint, XtbFailure } from "./xtb.ts";
import type { OptLevel, SinglePoint } from "./xtb.ts";

export interface RelaxOptions {
  /** The program's name or path. */
  readonly command: string;
  readonly level: OptLevel;
  /** Seconds allowed for one structure, all steps together. */
  readonly limit: number;
}

export interface Relaxed {
  readonly geometry: Geometry;
  readonly point: SinglePoint;
}

/** The lowest conformer that survives optimisation without a changed bond, and its properties. */
async function relax(graph: Graph, { command, level }: RelaxOptions, key: Key, signal: AbortSignal): Promise<Relaxed> {
  let last: XtbFailure | undefined;
  for (const conformer of await relaxedConformers({ command, graph, key, signal })) {
    try {
      const { geometry } = await optimise(command, conformer, "gfn2", level, signal);
      return { geometry, point: await singlePoint(command, geometry, signal) };
    } catch (error) {
      if (!(error instanceof XtbFailure)) throw error;
      last = error;
    }
  }
  throw last ?? new XtbFailure("no conformer");
}

/** Like `relax`, with a time limit and every trouble but an abort turned into a Failure. */
export async function relaxedPoint(graph: Graph, options: RelaxOptions, key: Key, ctx: Context): Promise<Relaxed | Failure> {
  const refusal = unbuildable(graph);
  if (refusal !== undefined) return { failure: refusal, kind: "structure" };
  const timeout = AbortSignal.timeout(options.limit * 1000);
  try {
    return await relax(graph, options, key, AbortSignal.any([ctx.signal, timeout]));
  } catch (error) {
    if (ctx.signal.aborted) throw ctx.signal.reason;
    if (timeout.aborted) return { failure: `timed out after ${options.limit} s`, kind: "time" };
    if (error instanceof XtbFailure) return { failure: error.message, kind: "calculation" };
    if (error instanceof UnsupportedError) return { failure: error.message, kind: "missing" };
    throw error;
  }
}
