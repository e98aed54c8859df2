/* Message passing as a study names it. */
import { type LearnerNeeds, type LearnerRecipe, type Options, checked, oneOf, whole } from "@tatara/engine/learn";
import type { NeuralHost } from "../host.ts";
import { ENSEMBLE, ENSEMBLE_SPACE } from "../recipes.ts";
import { type MessagePassingOptions, messagePassing, usualEpochs } from "./messagePassing.ts";

const OPTIONS = { ...ENSEMBLE, hidden: whole(1), depth: whole(1), aggregation: oneOf("mean", "sum") };

/** Seconds of one row in one epoch with 300 units and three steps, for graphs of 25 nodes, on one core. */
const ROW_SECONDS = 1.5e-3;
/** What does not fall with the units: gathering, activations. */
const FIXED = 0.2;

const needs = (options: Options): LearnerNeeds => {
  const { members = 5, hidden = 200, depth = 3, epochs, batch = 50 } = options as MessagePassingOptions;
  const work = FIXED * (hidden / 300) + (1 - FIXED) * (hidden / 300) ** 2 * (depth / 3);
  return {
    numbers: true,
    classes: true,
    graphs: true,
    mostRows: 200_000,
    seconds: (n) => members * (0.5 + (epochs ?? usualEpochs(n)) * n * ROW_SECONDS * work),
    // A batch's states and their gradients, the parameters with their moments, and the unpacked graphs.
    bytes: (n, d) => 4 * (batch * 60 * hidden * 12 * depth + 5 * (3 * hidden * hidden + (d + 200) * hidden)) + n * (4 * d + 1000),
  };
};

export const messagePassingRecipe = (host: NeuralHost): LearnerRecipe => ({
  about: "ensemble of directed message-passing networks on the descriptor graph, with the other features beside it (Yang et al. 2019, as chemprop)",
  make: (options) => messagePassing(host, checked<MessagePassingOptions>("message-passing", options, OPTIONS)),
  space: { ...ENSEMBLE_SPACE, hidden: { values: [100, 200, 300] }, depth: { low: 2, high: 5, whole: true }, aggregation: { values: ["mean", "sum"] } },
  needs,
});
