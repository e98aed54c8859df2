/* Networks as studies name them: their options, checked, and what they take. */
import { InputError } from "@tatara/engine/base";
import { type LearnerNeeds, type LearnerRecipe, type Options, type SearchSpace, checked, least, oneOf, option, positive, whole } from "@tatara/engine/learn";
import { type AttentionOptions, attention, usualAttention } from "./attention/attention.ts";
import type { Parts } from "./attention/parts.ts";
import { type FineTuneOptions, fineTuner } from "./fineTune.ts";
import type { NeuralHost } from "./host.ts";
import { type Kinds, openNetwork } from "./model.ts";
import { ACTIVATIONS, type MlpOptions, NORMS, mlp, usualMlp } from "./mlp.ts";

const share = option("a number ≥ 0 and < 1", (v) => typeof v === "number" && v >= 0 && v < 1);
const yesOrNo = option("true or false", (v) => typeof v === "boolean");
const name = option("a name", (v) => typeof v === "string");

/** Options of every ensemble of networks. */
export const ENSEMBLE = {
  members: whole(1), dropout: share, batch: whole(1), epochs: whole(1), patience: whole(1), rate: positive, weightDecay: least(0), averaging: share,
  objective: oneOf("means", "joint"), cost: oneOf("squared", "absolute"), law: oneOf("normal", "laplace"), beta: option("a number from 0 to 1", (v) => v === 1 || share(v)),
  classWeight: oneOf("none", "balanced"), joint: yesOrNo,
};

/** What is worth searching in every network. */
export const ENSEMBLE_SPACE: SearchSpace = { rate: { low: 5e-4, high: 5e-3, log: true }, dropout: { low: 0, high: 0.4 }, weightDecay: { low: 1e-5, high: 0.1, log: true } };

const MLP = { ...ENSEMBLE, hidden: option("a list of whole numbers ≥ 1, one for each layer: [128, 64]", (v) => Array.isArray(v) && v.length > 0 && v.every(whole(1))), activation: oneOf(...Object.keys(ACTIVATIONS)), norm: oneOf(...Object.keys(NORMS)) };

/** Multiplications of one row through dense layers of these sizes. */
const products = (sizes: readonly number[]): number => sizes.slice(1).reduce((sum, size, l) => sum + size * sizes[l], 0);

/** Multiplications a second in training on one core (forward and back are three), and seconds of a step whatever its size. */
const PRODUCTS = 8e9;
const STEP = 4e-4;
/** Seconds to compile. */
const COMPILE = 0.3;
/** Part of the epochs that are usually gone through before a member stops, and the epochs of the widths beside them. */
const USED = 0.8;
const WIDTHS = 1.25;

const mlpNeeds = (options: Options): LearnerNeeds => {
  const { members = 5, ...own } = options as MlpOptions;
  return {
    numbers: true,
    classes: true,
    mostRows: 100_000,
    seconds: (n, d) => {
      const { hidden, epochs, batch } = { ...usualMlp(n), ...own };
      const perRow = (3 * products([d, ...hidden])) / PRODUCTS + STEP / Math.min(batch, n);
      return COMPILE + members * epochs * USED * WIDTHS * n * perRow;
    },
    // Prepared rows, parameters with moments and averages, and the file.
    bytes: (n, d) => 4 * n * (d + 10) * 2 + 4 * products([d, ...(own.hidden ?? usualMlp(n).hidden)]) * (8 + 4 * members),
  };
};

export const mlpRecipe = (host: NeuralHost): LearnerRecipe => ({
  about: "ensemble of multilayer perceptrons, each stopped by rows held out; the widths of its laws from errors on those rows; classes with calibrated probabilities",
  make: (options) => mlp(host, checked<MlpOptions>("mlp", options, MLP)),
  space: { ...ENSEMBLE_SPACE, hidden: { values: [[64, 64], [128, 128], [256, 256], [128, 128, 128]] }, activation: { values: Object.keys(ACTIVATIONS) } },
  needs: mlpNeeds,
});

const ATTENTION = { ...ENSEMBLE, width: option("an even whole number ≥ 4", (v) => whole(4)(v) && (v as number) % 2 === 0), layers: whole(1), heads: whole(1), tokens: whole(1), beside: yesOrNo };

/** Parts of a row that are usual, for a forecast that has not seen the table. */
const TOKENS = 5;
/** Multiplications of attention are smaller products, and norms and sines lie between them. */
const ATTENTION_PRODUCTS = 3e9;

const attentionNeeds = (options: Options, block: string): LearnerNeeds => {
  const own = options as AttentionOptions;
  return {
    numbers: true,
    classes: true,
    blocks: [block],
    mostRows: 100_000,
    seconds: (n, d) => {
      const { width, layers, members, epochs, batch } = { ...usualAttention(n), ...own };
      const perRow = (3 * (TOKENS * layers * 8 * width * width + 2 * width * (d + 2 * width))) / ATTENTION_PRODUCTS + (4 * STEP) / Math.min(batch, n);
      return COMPILE + members * epochs * USED * WIDTHS * n * perRow;
    },
    bytes: (n, d) => {
      const { width, layers } = { ...usualAttention(n), ...own };
      return 4 * n * (d + TOKENS * 80) * 2 + 4 * layers * 8 * width * width * 40;
    },
  };
};

/** `parts` says what is known of the parts of mixtures. */
export const attentionRecipe = (host: NeuralHost, parts: () => Parts): LearnerRecipe => ({
  about: "ensemble of attention networks over the parts of a mixture and their shares (Wang et al. 2021, CrabNet), other features beside them",
  make: (options) => attention(host, parts(), checkedHeads(checked<AttentionOptions>("attention", options, ATTENTION))),
  space: { ...ENSEMBLE_SPACE, width: { values: [32, 64] }, layers: { low: 1, high: 3, whole: true }, cost: { values: ["squared", "absolute"] } },
  needs: (options) => attentionNeeds(options, parts().block),
});

/** The heads of attention share a token's numbers. */
function checkedHeads(options: AttentionOptions): AttentionOptions {
  const { width = usualAttention(0).width, heads = 4 } = options;
  if (width % heads !== 0) throw new InputError(`bad option of attention: width = ${width} with heads = ${heads} — the width is a multiple of the heads`, { path: "learn.options.width", value: width });
  return options;
}

const { members: _members, dropout: _dropout, joint: _joint, ...TUNED } = ENSEMBLE;
/** `source` and `of` are for whoever looks the network up: the name of a source, and a property of it. */
const FINE_TUNE = { ...TUNED, freeze: whole(0), source: name, of: name, network: option("the file of a network", (v) => v instanceof Uint8Array) };

interface FineTuneRecipe extends FineTuneOptions {
  readonly source?: string;
  readonly of?: string;
  /** The file of the network. */
  readonly network?: Uint8Array;
}

/** The option `network` holds the file of the network that goes on learning. */
export const fineTuneRecipe = (host: NeuralHost, kinds: Kinds): LearnerRecipe => ({
  about: "a finished mlp of transfer.sources goes on learning from these rows (option source: its name), its first hidden layers frozen (option freeze: how many)",
  make: (options) => {
    const { source: _source, of: _of, network, ...own } = checked<FineTuneRecipe>("fine-tune", options, FINE_TUNE);
    return fineTuner(host, network && openNetwork(host, kinds, network), own);
  },
  needs: ({ epochs, batch }) => mlpNeeds({ ...(epochs === undefined ? {} : { epochs }), ...(batch === undefined ? {} : { batch }) }),
});
