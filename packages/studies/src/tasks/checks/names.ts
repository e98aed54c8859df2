/* Names that every kind of study has: of descriptors, splits, groupings, units and properties. */
import { parseUnit } from "@tatara/engine/base";
import { chooseDescriptors, type Domain } from "@tatara/engine/generate";
import { known } from "../../catalogue/known.ts";
import type { Problem } from "../../schema/check.ts";
import type { Study } from "../../schema/study.ts";
import { formulaOf, isFormula } from "../formulas.ts";
import { problem, told } from "../problems.ts";
import { learnerProblems, readableBy } from "./learner.ts";

export function namesOf(study: Study, domain: Domain<unknown>): readonly Problem[] {
  const represent = study.represent ?? [];
  const learner = learnerProblems(study);
  return [
    ...represent.flatMap((name, i) => problem(["represent", i], () => known("descriptor", name, Object.keys(domain.descriptors)))),
    ...(new Set(represent).size < represent.length ? problem(["represent"], () => chooseDescriptors(domain, represent.filter((r) => Object.hasOwn(domain.descriptors, r)))) : []),
    ...(learner.length > 0 ? learner : readableBy(study, domain)),
    ...(study.learn.split === "scaffold" ? problem(["learn", "split"], () => known("grouping", "scaffold", Object.keys(domain.groups))) : []),
    ...(study.learn.split === "group" && study.data.group === undefined ? [told(["learn", "split"], "missing field: data.group — split: group needs the column whose equal values stay together")] : []),
    ...(study.learn.splits ?? []).flatMap((split, i) => splitProblem(split, ["learn", "splits", i], study, domain)),
    ...(study.learn.intervals?.by === undefined || study.learn.intervals.by === study.data.group ? [] : problem(["learn", "intervals", "by"], () => known("grouping", study.learn.intervals!.by!, [...Object.keys(domain.groups), ...(study.data.group === undefined ? [] : [study.data.group])]))),
    ...Object.keys(study.data.properties).flatMap((name) => propertyProblems(name, study)),
    ...Object.entries(study.data.properties).flatMap(([name, p]) => (p.kind === "number" ? problem(["data", "properties", name, "unit"], () => parseUnit(p.unit ?? "1")) : p.unit !== undefined ? [told(["data", "properties", name, "unit"], `unit of a class: ${name} — classes have no unit`)] : [])),
  ];
}

/** What a split needs and is not there. */
function splitProblem(split: NonNullable<Study["learn"]["splits"]>[number], at: readonly PropertyKey[], { data, learn }: Study, domain: Domain<unknown>): readonly Problem[] {
  if (split === "scaffold") return problem(at, () => known("grouping", "scaffold", Object.keys(domain.groups)));
  if (split === "group" && learn.split !== "group" && data.group === undefined) return [told(at, "missing field: data.group — a group split needs the column whose equal values stay together")];
  if (split === "element" && domain.mixing === undefined) return [told(at, `no elements to leave out: domain ${domain.id} — its materials are no shares of parts`)];
  if (split === "sorted" && Object.values(data.properties).every(({ kind }) => kind === "class")) return [told(at, "nothing to sort: every property is a class — sorted is for numbers")];
  return [];
}

/** Fields of a property that do not go together. */
function propertyProblems(name: string, { data: { properties } }: Study): readonly Problem[] {
  const p = properties[name]!;
  const at = ["data", "properties", name];
  const wrong = (field: "scale" | "magnitude" | "formula", message: string) => [told([...at, field], message)];
  return [
    ...(p.kind === "class" && p.scale !== undefined ? wrong("scale", `scale of a class: ${name} — classes have no scale`) : []),
    ...(p.kind === "class" && p.magnitude !== undefined ? wrong("magnitude", `magnitude of a class: ${name} — classes have no sign`) : []),
    ...(isFormula(p) && p.scale === "linear" ? wrong("scale", `formula on a linear scale: ${name} — products of powers are predicted by logarithms; leave scale out`) : []),
    ...(isFormula(p) ? problem([...at, "formula"], () => formulaOf(name, properties)) : []),
    ...(isFormula(p) && Object.values(properties).every(isFormula) ? wrong("formula", `nothing to learn: all of ${Object.keys(properties).join(", ")} are formulas — name the measured properties that they are made of`) : []),
  ];
}
