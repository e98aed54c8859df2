/*
 * Attention over the parts of a mixture, after CrabNet (Wang, Kauwe, Murdock & Sparks, npj Comput. Mater. 7 (2021) 77): each part
 * is a token, its vector that of the part beside sines and cosines of its share and of the logarithm of its share; a transformer
 * lets the parts see each other, and what it gives is weighed by the shares. Smaller than CrabNet (64 units for 512), with a vector
 * for each part that is learnt beside what is known of it, and one head for the whole instead of one for each part.
 */
import { alignColumns } from "@tatara/engine/learn";
import { fill, glorot, he, normal } from "../../layers/initialise.ts";
import { dense, dropout, layerNorm, silu, transformerBlock } from "../../layers/layers.ts";
import type { Scope } from "../../layers/types.ts";
import * as op from "../../tensor/ops.ts";
import type { Tensor } from "../../tensor/types.ts";
import { type Preparation, preparedTensor } from "../preparation.ts";
import type { RowFeeds } from "../host.ts";
import type { NetworkKind, Traced } from "../types.ts";
import { tokensOf } from "./parts.ts";

/** Plain data: what the network is built from. */
export interface AttentionArchitecture {
  /** What is known of the part of each share's column, in their order. */
  readonly vectors: readonly (readonly number[])[];
  /** 1 for each part that training has seen; nothing is learnt of the others, and they stand by what is known of them. */
  readonly seen: readonly number[];
  /** Tokens of a row. */
  readonly tokens: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Units between the two dense layers of a block. */
  readonly inner: number;
  readonly dropout: number;
  readonly outputs: number;
  /** Of the features beside the shares, where they are used. */
  readonly preparation?: Preparation;
}

/** Frequencies of the encodings, in radians: from a wave over the whole range to one that tells 0.01 apart. */
const FREQUENCIES = 16;
const HIGHEST = 200;
const frequencies = Float64Array.from({ length: FREQUENCIES }, (_, i) => HIGHEST ** (i / (FREQUENCIES - 1)));
/** Shares are at least this in logarithms. */
const LEAST = 1e-4;

/** Numbers that tell a share: sines and cosines of it and of its logarithm. */
export const ENCODED = 4 * FREQUENCIES;

/** shares [b, t] → [b, t, ENCODED]. */
export function encoded(share: Tensor): Tensor {
  const [b, t] = share.shape;
  const waves = op.constant(frequencies, [1, 1, FREQUENCIES]);
  const logarithm = op.mul(op.log(op.maximum(share, LEAST)), 1 / -Math.log(LEAST));
  return op.concat([share, logarithm].flatMap((x) => {
    const angle = op.mul(op.reshape(x, [b, t, 1]), waves);
    return [op.sin(angle), op.cos(angle)];
  }), 2);
}

/** The same of plain numbers, n·t → n·t × ENCODED. */
export function encodedRows(share: Float32Array): Float32Array {
  const out = new Float32Array(share.length * ENCODED);
  share.forEach((s, i) => {
    [s, Math.log(Math.max(s, LEAST)) / -Math.log(LEAST)].forEach((x, which) => {
      for (let k = 0; k < FREQUENCIES; k++) {
        out[i * ENCODED + (2 * which) * FREQUENCIES + k] = Math.sin(x * frequencies[k]);
        out[i * ENCODED + (2 * which + 1) * FREQUENCIES + k] = Math.cos(x * frequencies[k]);
      }
    });
  });
  return out;
}

/** A vector for each part, the first one for none: from what is known, and what is learnt beside. */
function partVectors({ vectors, seen, width }: AttentionArchitecture, scope: Scope): Tensor {
  const size = vectors[0].length;
  const learnt = op.mul(scope.parameter("learnt", [vectors.length + 1, width], normal(0.1), { decay: true }), op.constant([1, ...seen], [seen.length + 1, 1]));
  if (size === 0) return learnt;
  const known = op.constant([...new Float64Array(size), ...vectors.flat()], [vectors.length + 1, size]);
  return op.add(dense(scope.at("known"), known, width, { initialiser: glorot, bias: false }), learnt);
}

function network(architecture: AttentionArchitecture, scope: Scope, { part, share, encoding, z }: Readonly<Record<string, Tensor>>): Traced {
  const { tokens, width, layers, heads, inner, dropout: rate, outputs } = architecture;
  const [b] = share.shape;
  const own = op.gather(partVectors(architecture, scope.at("parts")), part);
  let h = op.add(own, dense(scope.at("share"), encoding, width, { initialiser: glorot }));
  const bias = op.reshape(op.mul(op.cast(op.equal(part, 0), "f32"), -1e9), [b, 1, 1, tokens]);
  for (let l = 0; l < layers; l++) h = transformerBlock(scope.at(`block${l + 1}`), h, { heads, units: inner, bias, dropout: rate });
  const weights = op.reshape(share, [b, tokens, 1]);
  const pooled = layerNorm(scope.at("pooled"), op.sum(op.mul(h, weights), { axes: [1] }));
  const whole = z === undefined ? pooled : op.concat([pooled, op.mul(z, scope.parameter("importance", [z.shape[1]], fill(0.3), { decay: false }))], 1);
  const first = dense(scope.at("hidden1"), whole, 2 * width, { initialiser: he });
  const a = dropout(scope.at("hidden1"), silu(first), rate);
  const second = dense(scope.at("hidden2"), a, 2 * width, { initialiser: he });
  const last = op.add(a, silu(second));
  return { outputs: dense(scope.at("heads"), last, outputs, { initialiser: glorot }), hidden: [first, second] };
}

export const attentionKind: NetworkKind<AttentionArchitecture> = {
  declare: ({ architecture: { tokens, preparation } }, rows) => ({
    part: op.input("part", [rows, tokens], "i32"),
    share: op.input("share", [rows, tokens]),
    ...(preparation && { x: op.input("x", [rows, preparation.inputs.length]) }),
  }),
  prepare: ({ preparation }, { part, share, x }) => ({ part, share, encoding: encoded(share), ...(preparation && { z: preparedTensor(preparation, x) }) }),
  network,
  feeds: ({ inputs, architecture: { vectors: { length: parts }, tokens, preparation } }, x, rows) => {
    const places = alignColumns(x, inputs);
    const { part, share } = tokensOf(x, places.subarray(0, parts), tokens, rows);
    const tokenFeeds: RowFeeds = { part: { values: part, width: tokens }, share: { values: share, width: tokens } };
    if (preparation === undefined) return tokenFeeds;
    const others = places.subarray(parts);
    const raw = new Float32Array((rows.to - rows.from) * others.length);
    for (let i = rows.from; i < rows.to; i++) for (let j = 0; j < others.length; j++) raw[(i - rows.from) * others.length + j] = x.data[i * x.cols + others[j]];
    return { ...tokenFeeds, x: { values: raw, width: others.length } };
  },
};
