/* Whether a study trains networks or asks them: the learner, the ways of its curves, or its sources. */
import type { LearnerSpec } from "@tatara/engine/learn";
import { NEURAL } from "@tatara/neural";
import { usesNetwork } from "../catalogue/learners.ts";
import { networkBackend } from "../executors/networks.ts";
import { waysOf } from "./curves/ways.ts";
import type { LoadedStudy } from "./types.ts";

const holdsNetwork = (record: unknown): boolean => typeof record === "object" && record !== null && !ArrayBuffer.isView(record) && ((record as { readonly type?: unknown }).type === NEURAL || Object.values(record).some(holdsNetwork));

function usesNetworks({ study, sources }: LoadedStudy): boolean {
  const learners: readonly LearnerSpec[] = [{ name: study.learn.model, options: study.learn.options }, ...(study.study === "curves" ? waysOf(study, sources.length > 0).map(({ learner }) => learner) : [])];
  return learners.some(usesNetwork) || sources.some(({ file }) => holdsNetwork(file.record));
}

/** Who uses networks without onnxruntime, or on another device than the one that was asked for, should know why they are slow. */
export async function networkWarnings(loaded: LoadedStudy): Promise<readonly string[]> {
  const { warning } = usesNetworks(loaded) ? await networkBackend() : {};
  return warning === undefined ? [] : [`warning: ${warning}`];
}
