/*
 * Ensembles of attention networks over the parts of mixtures. A table holds a column for the share of each part; other features
 * beside them go to the head, prepared as for a perceptron.
 */
import type { Context, Key } from "@tatara/engine/base";
import { type Table, type Targets, selectFeatures, withoutCodes } from "@tatara/engine/data";
import { type Learner, alignColumns } from "@tatara/engine/learn";
import { type EnsembleOptions, describeOptions, ensembleSettings } from "../options.ts";
import { type Setting, fitColumns } from "../ensembles.ts";
import type { NeuralHost } from "../host.ts";
import { prepareRows, preparationOf, preparedWidth } from "../preparation.ts";
import { type AttentionArchitecture, ENCODED, attentionKind, encodedRows } from "./network.ts";
import { type Parts, countParts, partColumns, tokensOf } from "./parts.ts";

export interface AttentionOptions extends EnsembleOptions {
  /** Numbers of a token. Default 64, and 32 below 1,000 rows. */
  readonly width?: number;
  /** Blocks of the transformer. Default 3, and 2 below 1,000 rows. */
  readonly layers?: number;
  /** Default 4. */
  readonly heads?: number;
  /** Parts of a row that are looked at, the largest ones. Default 10. */
  readonly tokens?: number;
  /** Whether other features of the table are used too. Default true. */
  readonly beside?: boolean;
}

const MEMBERS = 4;

/** What is usual for a number of rows. */
export const usualAttention = (rows: number) => ({
  ...(rows < 1000 ? { width: 32, layers: 2, dropout: 0.2 } : { width: 64, layers: 3, dropout: 0.1 }),
  batch: rows < 500 ? 32 : rows < 2500 ? 64 : 128,
  epochs: Math.round(Math.min(150, Math.max(12, 150_000 / rows))),
  rate: 1.5e-3,
  members: MEMBERS,
});

/** The learner. `parts` says what is known of the parts. */
export function attention(host: NeuralHost, parts: Parts, options: AttentionOptions = {}): Learner {
  const { joint = false, classWeight = "none" } = options;
  const id = `attention(${describeOptions({ members: MEMBERS, ...options })})`;
  return {
    id,
    acceptsMissing: true,
    complexity: 6,
    ...(joint && { joint }),
    fit: (x: Table, y: Targets, key: Key, ctx: Context) => fitColumns({ host, id, x, y, joint, balanced: classWeight === "balanced", set: (rows, _, outputs) => settingOf(rows, parts, outputs, options) }, key, ctx),
  };
}

function settingOf(x: Table, parts: Parts, outputs: number, options: AttentionOptions): Setting<AttentionArchitecture> {
  const usual = usualAttention(x.rows);
  const { width = usual.width, layers = usual.layers, heads = 4, tokens: most = 10, beside = true, dropout = usual.dropout } = options;
  const columns = partColumns(x, parts);
  const places = Int32Array.from(columns, ({ column }) => column);
  const tokens = Math.max(1, Math.min(most, Array.from({ length: x.rows }, (_, i) => countParts(x, i, places)).reduce((a, b) => Math.max(a, b), 1)));
  const shares = new Set(columns.map(({ feature }) => feature.name));
  const others = selectFeatures(withoutCodes(x), withoutCodes(x).features.flatMap(({ name }) => (shares.has(name) ? [] : [name])));
  const preparation = beside ? preparationOf(others) : undefined;
  const { part, share } = tokensOf(x, places, tokens, { from: 0, to: x.rows });
  return {
    kind: attentionKind,
    name: "attention",
    architecture: { vectors: vectorsOf(columns, parts), seen: seenIn(part, columns.length), tokens, width, layers, heads, inner: 2 * width, dropout, outputs, ...(preparation && { preparation }) },
    inputs: [...columns.map(({ feature }) => feature), ...(preparation?.inputs ?? [])],
    rows: {
      part: { width: [tokens], dtype: "i32", values: part },
      share: { width: [tokens], dtype: "f32", values: share },
      encoding: { width: [tokens, ENCODED], dtype: "f32", values: encodedRows(share) },
      ...(preparation && { z: { width: [preparedWidth(preparation)], dtype: "f32" as const, values: prepareRows(preparation, others, alignColumns(others, preparation.inputs)) } }),
    },
    ...ensembleSettings(options, { ...usual, cost: "absolute", weightDecay: 0.02, averaging: 0.8 }),
  };
}

/** What is known of each column's part; zeros, the mean of all, where nothing is. */
function vectorsOf(columns: ReturnType<typeof partColumns>, { vectors }: Parts): readonly (readonly number[])[] {
  const [first] = vectors.values();
  const nothing = Array.from({ length: first?.length ?? 0 }, () => 0);
  return columns.map(({ feature }) => vectors.get(feature.name) ?? nothing);
}

/** 1 for each part that a training row has. */
function seenIn(part: Int32Array, parts: number): readonly number[] {
  const seen = new Set(part);
  return Array.from({ length: parts }, (_, k) => (seen.has(k + 1) ? 1 : 0));
}
