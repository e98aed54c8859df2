/* @tatara/neural: tensor programs, their gradients, networks, and ONNX graphs that train and predict. */
// Programs.
export * as op from "./tensor/ops.ts";
export { gradient } from "./tensor/gradient.ts";
export type { DType, Shape, Tensor, Window } from "./tensor/types.ts";
// Where they run.
export { interpret, interpreter } from "./runtime/interpreter.ts";
export { ortBackend } from "./runtime/ort.ts";
export type { OrtModule, OrtOptions } from "./runtime/ort.ts";
export type { Backend, Executable, Feeds, LoopExecutable, LoopProgram, Program, Values } from "./runtime/types.ts";
export { BATCH, writeProgram } from "./onnx/write.ts";
// Networks.
export * as layer from "./layers/layers.ts";
export * as loss from "./layers/losses.ts";
export * as initialise from "./layers/initialise.ts";
export { fixedScope, layoutOf } from "./layers/scope.ts";
export type { Initialiser, Layout, Scope } from "./layers/types.ts";
// Training.
export { compileTrainer } from "./train/trainer.ts";
export type { AdamOptions, Declared, TrainingProgram } from "./train/trainer.ts";
export { train } from "./train/train.ts";
export type { Epoch, EpochLoss, TrainOptions, TrainProgress, Trained } from "./train/train.ts";
export { constantRate, cosine, oneCycle } from "./train/schedule.ts";
export type { Schedule } from "./train/schedule.ts";
export type { Steps, Trainer, TrainingState } from "./train/types.ts";
// Sources of transfer.
export { hiddenLayers, predictPerceptron, reviveHiddenLayers, trainPerceptron } from "./sources/perceptron.ts";
export type { DenseLayer, Perceptron, PerceptronOptions } from "./sources/perceptron.ts";
// Learners.
export { neuralHost } from "./learn/host.ts";
export type { HostOptions, NeuralHost } from "./learn/host.ts";
export { mlp } from "./learn/mlp.ts";
export type { MlpOptions } from "./learn/mlp.ts";
export { messagePassing } from "./learn/graph/messagePassing.ts";
export type { MessagePassingOptions } from "./learn/graph/messagePassing.ts";
export { messagePassingRecipe } from "./learn/graph/recipe.ts";
export { attention } from "./learn/attention/attention.ts";
export type { AttentionOptions } from "./learn/attention/attention.ts";
export type { Parts } from "./learn/attention/parts.ts";
export { attentionRecipe, fineTuneRecipe, mlpRecipe } from "./learn/recipes.ts";
export { fineTune, fineTuner } from "./learn/fineTune.ts";
export type { FineTuneOptions } from "./learn/fineTune.ts";
export { kinds } from "./learn/kinds.ts";
export { NETWORK_LAYERS, networkLayers, reviveNetworkLayers } from "./learn/extractor.ts";
export type { NetworkLayersOptions } from "./learn/extractor.ts";
export { NEURAL, openNetwork, reviveNeural } from "./learn/model.ts";
export type { Kinds, NeuralModel } from "./learn/model.ts";
export { readManifest } from "./learn/file.ts";
export type { Manifest } from "./learn/types.ts";
export { readOnnx } from "./onnx/read.ts";
export type { OnnxFile, OnnxValue } from "./onnx/read.ts";
