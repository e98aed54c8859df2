/* The kinds of networks by the names that stand in their files. */
import { attentionKind } from "./attention/network.ts";
import { graphKind } from "./graph/network.ts";
import { mlpKind } from "./mlp.ts";
import type { Kinds } from "./model.ts";

export const kinds: Kinds = { mlp: mlpKind as Kinds[string], attention: attentionKind as Kinds[string], "message-passing": graphKind as Kinds[string] };
