/*
 * What travels between the main thread and the domain workers: plain data and typed arrays only.
 */
import type { Key } from "@tatara/engine/base";
import type { DomainSetup } from "../catalogue/domains.ts";

/** Everything a worker needs to build its domain and its generator; the same for all workers of a crew. */
export interface CrewSetup extends DomainSetup {
  readonly descriptors: readonly string[];
  readonly generator?: GeneratorSetup;
}

export interface GeneratorSetup {
  readonly prior: string;
  readonly priorOptions: Readonly<Record<string, unknown>>;
  readonly key: Key;
  /** Canonical texts of the corpus that the prior learns from. */
  readonly corpus: readonly string[];
  /** Moves by name with their weights. */
  readonly proposals: Readonly<Record<string, number>>;
  readonly constraints: Readonly<Record<string, unknown>>;
}

/** One text of a data table after reading: a material, or the reason why it is none. */
export interface ReadMaterial {
  readonly key: string | null;
  readonly text: string | null;
  readonly reason: string;
}

export interface Nearest {
  readonly index: Int32Array;
  readonly similarity: Float64Array;
}

/** One message to a worker: an operation of `worker.ts` with the items it runs over. */
export interface Job {
  readonly op: string;
  readonly items: readonly unknown[];
  readonly extra?: unknown;
}

/** An operation's InputError, as data. */
export interface Refused {
  readonly refused: { readonly message: string; readonly path: string | undefined };
}

export const isRefused = (answer: unknown): answer is Refused => answer !== null && typeof answer === "object" && "refused" in answer;
