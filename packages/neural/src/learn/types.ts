/* Fitted networks as files: what a file says of itself, and what each kind of network knows how to do. */
import type { Feature, Table } from "@tatara/engine/data";
import type { Output } from "@tatara/engine/learn";
import type { Scope } from "../layers/types.ts";
import type { Tensor } from "../tensor/types.ts";
import type { Head, Law } from "./heads.ts";
import type { RowFeeds } from "./host.ts";

/** How far the members' laws are to be trusted, learnt from rows that each has not seen. */
export type Trust =
  /** Factor on the members' standard deviations. */
  | { readonly kind: "number"; readonly factor: number }
  /** p ∝ exp(slope · log p + shift). */
  | { readonly kind: "category"; readonly slope: number; readonly shift: readonly number[] };

/** What the file of a network says of itself, as JSON in its metadata under `tatara`. */
export interface Manifest<A = unknown> {
  readonly format: 1;
  /** Name of its kind: `mlp`, `attention`. */
  readonly kind: string;
  /** Recipe with its options, for reports. */
  readonly id: string;
  readonly inputs: readonly Feature[];
  readonly outputs: readonly Output[];
  /** One for each output. */
  readonly heads: readonly Head[];
  readonly law: Law;
  readonly trust: readonly Trust[];
  /** Networks whose means, or classes, are averaged. */
  readonly members: number;
  /** Networks of the widths, where they were learnt by themselves: log widths are averaged, in units of each head's `scales`. */
  readonly widths?: { readonly members: number; readonly scales: readonly number[] };
  /** What its kind needs to build the network again. */
  readonly architecture: A;
  readonly trained: { readonly rows: number; readonly epochs: readonly number[] };
}

/** What a network gives for a batch. */
export interface Traced {
  /** [b, headsWidth]. */
  readonly outputs: Tensor;
  /** Hidden layers before their activation, the first one first, [b, units] each. */
  readonly hidden: readonly Tensor[];
}

/** A kind of network: how it is fed, and what it computes. */
export interface NetworkKind<A> {
  /** Inputs of the file, of raw features. */
  declare(manifest: Pick<Manifest<A>, "architecture" | "inputs">, rows: number): Readonly<Record<string, Tensor>>;
  /** Inputs as each member gets them. */
  prepare(architecture: A, inputs: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>>;
  network(architecture: A, scope: Scope, inputs: Readonly<Record<string, Tensor>>): Traced;
  /** The file's inputs for rows of a table. There may be more rows than were asked for, to make room for what the inputs hold: their outputs come last. */
  feeds(manifest: Pick<Manifest<A>, "architecture" | "inputs">, x: Table, rows: { readonly from: number; readonly to: number }): RowFeeds;
}
