/* Loaded before anything else: Node does not find onnxruntime-node, as where it was not installed. */
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier === "onnxruntime-node") throw new Error(`Cannot find package '${specifier}'`);
    return next(specifier, context);
  },
});
