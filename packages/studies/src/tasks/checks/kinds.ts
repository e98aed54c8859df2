/* What is wrong with the sections that only some kinds of study have: targets, constraints, systems, rules and curves. */
import { InputError, parseUnit } from "@tatara/engine/base";
import { parseTarget } from "@tatara/engine/design";
import type { Domain } from "@tatara/engine/generate";
import { calculatorNames } from "../../catalogue/calculators.ts";
import { known } from "../../catalogue/known.ts";
import { recipes } from "../../catalogue/learners.ts";
import type { Problem } from "../../schema/check.ts";
import type { CurvesStudy, InvertStudy, RulesStudy, ScreenStudy, Study } from "../../schema/study.ts";
import { waysOf } from "../curves/ways.ts";
import { withNetworks } from "../fineTuning.ts";
import { problem, told } from "../problems.ts";
import { spokenFeatures } from "../rules/features.ts";
import type { LentModel } from "../screen/model.ts";
import { screenPlan } from "../screen/plan.ts";
import { WAYS } from "../screen/systems.ts";
import { screenTargets, type Predicted } from "../screen/targets.ts";
import type { LentSource } from "../sources.ts";
import { TRANSFERS } from "./learner.ts";

interface Around {
  readonly domain: Domain<unknown>;
  readonly model: LentModel | undefined;
  readonly sources: readonly LentSource[];
}

/** Problems of the sections of a study's own kind. */
export function kindProblems(study: Study, { domain, model, sources }: Around): readonly Problem[] {
  switch (study.study) {
    case "fit":
      return [];
    case "invert":
      return designProblems(study, domain);
    case "screen":
      return screenProblems(study, model, domain);
    case "rules":
      return rulesProblems(study, model, domain);
    case "curves":
      return curvesProblems(study, sources);
  }
}

function designProblems(study: InvertStudy, domain: Domain<unknown>): readonly Problem[] {
  const properties = Object.keys(study.data.properties);
  return [
    ...Object.entries(study.target).flatMap(([name, text]) => problem(["target", name], () => {
      known("property", name, properties);
      const p = study.data.properties[name]!;
      if (p.kind === "number") parseTarget(name, String(text), parseUnit(p.unit ?? "1"));
    })),
    ...constraintProblems(study.constraints, domain),
    ...(study.verify.calculator === undefined ? [] : problem(["verify", "calculator"], () => known("calculator", study.verify.calculator!, calculatorNames))),
    ...problem(["generate", "prior"], () => known("prior", study.generate.prior!, Object.keys(domain.priors))),
    ...problem(["generate", "prior_options"], () => optionsOf("generate.prior_options", () => domain.priors[study.generate.prior!]?.options.parse(study.generate.prior_options))),
    ...Object.keys(study.generate.proposals ?? {}).flatMap((name) => problem(["generate", "proposals", name], () => {
      known("proposal", name, Object.keys(domain.proposals));
      if (study.generate.mode === "exact" && !domain.proposals[name]!.exact) throw new InputError(`proposal without a ratio: "${name}" — mode: exact takes ${Object.keys(domain.proposals).filter((p) => domain.proposals[p]!.exact).join(", ")}; or say mode: heuristic`, { value: name });
    })),
    ...(study.generate.evaluations < study.generate.particles ? [told(["generate", "evaluations"], `generate.evaluations: ${study.generate.evaluations} — at least the ${study.generate.particles} particles`)] : []),
  ];
}

/** A target as far as it can be checked before the table is read. */
const targetProblems = (study: ScreenStudy | RulesStudy, model: LentModel | undefined): readonly Problem[] => {
  const predicted: readonly Predicted[] | undefined = model?.outputs;
  return Object.entries(study.target).flatMap(([name, text]) => problem(["target", name], () => {
    known(predicted ? "property of the model" : "property", name, predicted?.map((o) => o.name) ?? Object.keys(study.data.properties));
    if (predicted) screenTargets({ [name]: text }, predicted);
    const p = study.data.properties[name];
    if (!predicted && p?.kind === "number") screenTargets({ [name]: text }, [{ name, kind: "number", unit: parseUnit(p.unit ?? "1") }]);
  }));
};

function curvesProblems(study: CurvesStudy, sources: readonly LentSource[]): readonly Problem[] {
  const { curves } = study;
  const asked = (list: "without" | "with") => (curves[list] ?? []).map((way, i) => ({ at: ["curves", list, i], name: typeof way === "string" ? way : way.model, options: typeof way === "string" ? {} : way.options }));
  const unknown = [...asked("without"), ...asked("with")].flatMap(({ at, name }) => problem(at, () => known("learner", name, Object.keys(recipes))));
  if (unknown.length > 0) return unknown;
  const blind = asked("without").flatMap(({ at, name }) => (TRANSFERS.has(name) ? [told(at, `no way without transfer: ${name} — it learns from sources; name it in curves.with`)] : []));
  const lone = curves.with !== undefined && sources.length === 0 ? [told(["curves", "with"], "nothing to transfer from — name finished models in transfer.sources, or leave curves.with out")] : [];
  if (blind.length + lone.length > 0) return [...blind, ...lone];
  const kinds = Object.values(study.data.properties).map(({ kind }) => kind);
  const classes = Object.entries(study.data.properties).flatMap(([name, { kind }]) => (kind === "class" ? [name] : []));
  if (sources.length > 0 && classes.length > 0) return [told(["transfer"], `no curves of transfer for classes: ${classes.join(", ")} — the ways that are compared predict numbers; leave transfer out, or the classes`)];
  const until = Object.keys(curves.until ?? {}).flatMap((name) => problem(["curves", "until", name], () => known("property", name, Object.keys(study.data.properties))));
  const places = [...asked("without"), ...asked("with")].map(({ at }) => at);
  const fitting = waysOf(study, sources.length > 0).flatMap(({ name, learner }, i) =>
    problem(places[i] ?? ["curves"], () => {
      recipes[learner.name]!.make(withNetworks(learner, sources, "options").options ?? {});
      const { numbers, classes } = recipes[learner.name]!.needs(learner.options ?? {});
      if (!kinds.every((kind) => (kind === "number" ? numbers : classes))) throw new InputError(`wrong learner for the properties: ${name} — it does not predict ${kinds.includes("class") && !classes ? "classes" : "numbers"}`, { value: learner.name });
    }),
  );
  return [...until, ...fitting];
}

function rulesProblems(study: RulesStudy, model: LentModel | undefined, domain: Domain<unknown>): readonly Problem[] {
  const { features, relations } = study.rules;
  const unknown = features!.flatMap((name, i) => problem(["rules", "features", i], () => known("descriptor", name, Object.keys(domain.descriptors))));
  return [
    ...targetProblems(study, model),
    // What is told from the rows of the data must be among them.
    ...(model ? Object.keys(study.target).flatMap((name) => problem(["target", name], () => known("property", name, Object.keys(study.data.properties)))) : []),
    ...constraintProblems(study.constraints, domain),
    ...(unknown.length > 0 ? unknown : problem(["rules", "features"], () => spokenFeatures(study, domain))),
    ...(relations.prior === undefined ? [] : problem(["rules", "relations", "prior"], () => known("prior", relations.prior!, Object.keys(domain.priors)))),
  ];
}

function screenProblems(study: ScreenStudy, model: LentModel | undefined, domain: Domain<unknown>): readonly Problem[] {
  const { systems } = study.screen;
  const ways = WAYS.filter((way) => systems[way] !== undefined);
  return [
    ...targetProblems(study, model),
    ...constraintProblems(study.constraints, domain),
    ...(ways.length === 1 ? [] : [told(["screen", "systems"], `${ways.length === 0 ? "no systems" : `systems in ${ways.length} ways: ${ways.join(", ")}`} — say one of each: [[Al], [Fe, Co]], choose: 3 with of: […], or list: [Al-Cu-Fe]`)]),
    ...((systems.choose === undefined) === (systems.of === undefined) ? [] : [told(["screen", "systems"], `missing field: screen.systems.${systems.of ? "choose" : "of"} — choose: 3 goes with of: [Al, Cu, Fe, …]`)]),
    ...(ways.length === 1 && (systems.choose === undefined) === (systems.of === undefined) && constraintProblems(study.constraints, domain).length === 0 ? planProblems(study, domain) : []),
  ];
}

/** A plan's own errors know their field. */
function planProblems(study: ScreenStudy, domain: Domain<unknown>): readonly Problem[] {
  try {
    screenPlan(study, domain);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [told(error.path?.startsWith("screen") || error.path === "domain" ? error.path.split(".") : ["screen"], error.message)];
  }
}

const constraintProblems = (constraints: Readonly<Record<string, unknown>>, domain: Domain<unknown>): readonly Problem[] =>
  Object.entries(constraints).flatMap(([name, value]) => problem(["constraints", name], () => {
    known("constraint", name, Object.keys(domain.constraints));
    domain.constraints[name]!.make(value);
  }));

/** Schemas of domains throw their own errors, whose paths count from `options`: tell them as ours. */
function optionsOf(path: string, parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.message, { path: error.path?.replace(/^options/, path) ?? path, value: error.value, cause: error });
    throw new InputError(`bad options: ${(error as Error).message.split("\n")[0]}`);
  }
}
