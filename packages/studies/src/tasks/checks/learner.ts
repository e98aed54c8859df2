/* What is wrong with the learner that a study names: that it is not there, its options, what it predicts and what it reads. */
import { InputError } from "@tatara/engine/base";
import { chooseDescriptors, joinFeatures, type Domain } from "@tatara/engine/generate";
import { type BoostingOptions, type LearnerNeeds, checkMonotone } from "@tatara/engine/learn";
import { known } from "../../catalogue/known.ts";
import { recipes } from "../../catalogue/learners.ts";
import type { Problem } from "../../schema/check.ts";
import type { Study } from "../../schema/study.ts";
import { FINE_TUNE, withNetworks } from "../fineTuning.ts";
import { problem, told } from "../problems.ts";
import type { LentSource } from "../sources.ts";

/** A learner by name must exist, understand its options, and predict what the properties are. */
export function learnerProblems(study: Study): readonly Problem[] {
  const { model } = study.learn;
  const named = problem(["learn", "model"], () => known("learner", model, ["auto", ...Object.keys(recipes)]));
  if (named.length > 0 || model === "auto") return [...named, ...problem(["learn", "options"], () => knownOptions(study)), ...(named.length === 0 && study.learn.tune ? [told(["learn", "tune"], "tune without a learner: model is auto — name the learner to tune, or raise learn.budget: auto tunes its best learner with what is left of it")] : [])];
  if (TRANSFERS.has(model) && study.transfer === undefined) return [told(["learn", "model"], `nothing to transfer from: learn.model is ${model} — name finished models in transfer.sources`)];
  const options = [...problem(["learn", "options"], () => knownOptions(study)), ...(study.learn.tune ? problem(["learn", "tune"], () => tunable(model)) : [])];
  return options.length > 0 ? options : problem(["learn", "model"], () => fittingLearner(study));
}

function tunable(model: string): void {
  if (recipes[model]!.space !== undefined) return;
  throw new InputError(`nothing to tune: ${model} has no options to search — ${Object.keys(recipes).filter((name) => recipes[name]!.space !== undefined).join(", ")} have`, { value: model });
}

/** What a sound learner reads must be among the descriptors. */
export function readableBy({ represent = [], transfer, learn: { model, options } }: Study, domain: Domain<unknown>): readonly Problem[] {
  const known = represent.filter((name) => Object.hasOwn(domain.descriptors, name));
  if (known.length === 0 || known.length < represent.length) return [];
  const features = joinFeatures(chooseDescriptors(domain, [...new Set(known)]));
  const kinds = new Set(features.map(({ kind = "real" }) => kind));
  const { graphs: needed, blocks = [] } = model === "auto" ? {} : recipes[model]!.needs(options);
  const missing = blocks.find((name) => features.every(({ block }) => block !== name));
  if (missing !== undefined) return [told(["represent"], Object.hasOwn(domain.descriptors, missing) ? `no ${missing} for ${model}: ${represent.join(", ")} — it needs the descriptor ${missing} too` : `no ${missing} for ${model}: ${domain.id} has no such descriptor — choose another learner`)];
  if (needed && !kinds.has("code")) {
    const graphs = Object.entries(domain.descriptors).flatMap(([name, { features }]) => (features.some(({ kind }) => kind === "code") ? [name] : []));
    return [told(["represent"], graphs.length > 0 ? `no graph for ${model}: ${represent.join(", ")} — it needs the descriptor ${graphs.join(" or ")} too` : `no graph for ${model}: ${domain.id} has no descriptor that packs graphs — choose another learner`)];
  }
  if (!needed && kinds.size === 1 && kinds.has("code")) return [told(["represent"], `nothing for ${model} to read: ${represent.join(", ")} — only message-passing reads packed graphs; name another descriptor beside them`)];
  // What sources write is known when they are read.
  return transfer === undefined ? monotoneIn(options).flatMap((monotone) => problem(["learn", "options"], () => checkMonotone(monotone, features))) : [];
}

/** Directions of features that options ask for, of a learner or of those that it is made of. */
function monotoneIn(options: unknown): readonly NonNullable<BoostingOptions["monotone"]>[] {
  if (typeof options !== "object" || options === null) return [];
  return Object.entries(options).flatMap(([name, value]) => (name === "monotone" ? [value as NonNullable<BoostingOptions["monotone"]>] : monotoneIn(value)));
}

/** A network that goes on learning must be that of a source. */
export function networkProblems({ transfer, learn: { model, options } }: Study, sources: readonly LentSource[]): readonly Problem[] {
  // A source that could not be read is told by itself.
  if (transfer === undefined ? TRANSFERS.has(model) : sources.length === 0 || Object.keys(transfer.sources ?? {}).length > sources.length) return [];
  return problem(["learn", "options"], () => {
    const learner = withNetworks({ name: model, options }, sources);
    if (learner.options !== options) recipes[model]!.make(learner.options!);
  });
}

/** Learners of source columns. */
export const TRANSFERS: ReadonlySet<string> = new Set(["transfer", "shotgun", FINE_TUNE]);

function fittingLearner({ data, learn: { model, options } }: Study): void {
  const kinds = Object.values(data.properties).map(({ kind }) => kind);
  const fits = ({ numbers, classes }: LearnerNeeds) => kinds.every((kind) => (kind === "number" ? numbers : classes));
  if (fits(recipes[model]!.needs(options))) return;
  const others = Object.keys(recipes).filter((name) => name !== model && fits(recipes[name]!.needs({})));
  throw new InputError(`wrong learner for the properties: "${model}" — those that predict classes and numbers are ${others.join(", ")}, or auto`, { value: model });
}

function knownOptions({ learn: { model, options } }: Study): void {
  if (Object.hasOwn(recipes, model)) recipes[model]!.make(options);
  else if (model === "auto" && Object.keys(options).length > 0) throw new InputError(`options of auto: ${Object.keys(options).join(", ")} — options belong to a learner; name it in learn.model`, { value: options });
}
