/*
 * Networks that this project trained (`tools/models/train.ts`), for transfer learning without a download: one folder for each
 * model, with `model.onnx` and a card that names its data with their licence, its descriptors, and its figures out of fold.
 */

/** The folder that holds them. */
export const shippedModels: URL = new URL("../library/", import.meta.url);
