/* The kinds of networks by the names that stand in their files. */
import { mlpKind } from "./mlp.ts";
import type { Kinds } from "./model.ts";

export const kinds: Kinds = { mlp: mlpKind as Kinds[string] };
