/*
 * The learners that studies may name, and how their models are read back: the engine's, and those of packages beside
 * it, put together here and nowhere else. Main thread and workers read the same file, so that a job or a record means
 * the same in all of them.
 */
import type { Catalog } from "@tatara/engine/base";
import { basicRecipes, combine, extractorRevivers, makers, reader, reviveSourced, revivers, type LearnerCatalog, type LearnerRecipe, type LearnerSpec, type Model, type ModelRecord } from "@tatara/engine/learn";
import { NETWORK_LAYERS, NEURAL, attentionRecipe, fineTuneRecipe, kinds, messagePassingRecipe, mlpRecipe, neuralHost, openNetwork, reviveNetworkLayers, reviveNeural, type NeuralModel } from "@tatara/neural";
import { networkBackend } from "../executors/networks.ts";
import { elementParts } from "./elementParts.ts";

/** Where networks run; loaded when the first one is trained or asked. */
const host = neuralHost(async () => (await networkBackend()).backend);

/** Networks: they take much longer than the others. */
const networks: Catalog<LearnerRecipe> = { mlp: mlpRecipe(host), attention: attentionRecipe(host, elementParts), "fine-tune": fineTuneRecipe(host, kinds), "message-passing": messagePassingRecipe(host) };

/** Each learns by itself, cheap ones first. */
const basic: Catalog<LearnerRecipe> = { ...basicRecipes, ...networks };

/** Everything that `learn.model` may name beside `auto`. */
export const recipes: Catalog<LearnerRecipe> = combine(basic);

/** What `auto` tries, the cheapest first, as far as its budget goes: networks come last. */
export const automatic: readonly LearnerSpec[] = [...Object.keys(basicRecipes), "mlp", "attention", "message-passing"].map((name) => ({ name }));

/** What makes them. */
export const learners: LearnerCatalog = makers(recipes);

/** Read the record of any model of a study. Throws InputError when its type is unknown. */
export const reviveModel: (record: ModelRecord) => Model = reader({ ...revivers, [NEURAL]: reviveNeural(host, kinds), sourced: reviveSourced({ ...extractorRevivers, [NETWORK_LAYERS]: reviveNetworkLayers }) });

/** A network from its ONNX file. Throws InputError when it is not one of ours. */
export const openNetworkFile = (file: Uint8Array): NeuralModel => openNetwork(host, kinds, file);

/** Whether a learner is a network, or is made of one. */
export const usesNetwork = ({ name, options = {} }: LearnerSpec): boolean => Object.keys(networks).some((network) => network === name || JSON.stringify(options).includes(JSON.stringify(network)));
