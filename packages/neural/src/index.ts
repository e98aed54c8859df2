/* @tatara/neural: tensor programs, their gradients, and ONNX graphs that train and predict. */
export * as op from "./tensor/ops.ts";
export { gradient } from "./tensor/gradient.ts";
export type { DType, Shape, Tensor, Window } from "./tensor/types.ts";
