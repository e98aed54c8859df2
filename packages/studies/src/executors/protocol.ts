/*
 * What travels between the main thread and the domain workers: plain data and typed arrays only.
 */
import type { Key } from "@tatara/engine/base";
import type { Target } from "@tatara/engine/design";
import type { ModelRecord } from "@tatara/engine/learn";
import type { DomainSetup } from "../catalogue/domains.ts";
import type { StopFlag } from "./stopping.ts";

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

/** What a screening worker is built from; plain data. */
export interface ScreeningSetup extends DomainSetup {
  readonly descriptors: readonly string[];
  /** A fitted model. */
  readonly record: ModelRecord;
  readonly targets: readonly Target[];
  readonly constraints: Readonly<Record<string, unknown>>;
}

/** Materials mixed from the same parts. */
export interface Mixtures {
  readonly parts: readonly string[];
  /** n × parts, on any scale. */
  readonly amounts: Float64Array;
  /** Whether each one's place in the model's domain is asked for too, which takes much longer. */
  readonly judge: boolean;
}

/** A block of mixtures, and what stops it. */
export interface MixtureTask {
  readonly mixtures: Mixtures;
  readonly flag: StopFlag;
}

/** Answers to n mixtures; NaN for those that constraints forbid. */
export interface MixtureAnswers {
  /** That all targets are met, calibrated, the domain not considered. */
  readonly probability: Float32Array;
  /** n × width: for each output of the model its class probabilities, or mean and standard deviation. */
  readonly values: Float32Array;
  readonly width: number;
  /** 1 inside the model's domain; only when asked for. */
  readonly inside?: Uint8Array;
  /** How many times larger errors were so far away; 1 inside. */
  readonly growth?: Float32Array;
}
