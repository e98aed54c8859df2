/*
 * The next materials to cast: a batch in which each one in turn has the largest probability of being a hit that neither the
 * data nor an earlier one has made already. Two materials are alike as exp(−d²/2ℓ²) in the percent d of atoms that
 * tell them apart, with ℓ = 5, and at least by half when they are of one system: a second hit there is worth half.
 */
import { newFinds } from "@tatara/engine/design";
import type { Mixing } from "@tatara/engine/generate";
import type { Output } from "@tatara/engine/learn";
import type { RegionKind } from "./labels.ts";
import { columnOf } from "./labels.ts";
import { distanceOf } from "./phases.ts";
import type { Region, SystemSummary, Trial } from "./summarise.ts";

/** Percent of atoms over which two materials are much alike. */
const LENGTH = 5;
/** Likeness of any two hits in one system. */
const SAME_SYSTEM = 0.5;

export interface Alloy extends Trial {
  readonly rank: number;
  readonly system: string;
  /** The probability of a new find when it was chosen. */
  readonly gain: number;
  /** USD/kg of its parts; NaN when it is not known. */
  readonly price: number;
  /** Why it was chosen, in words. */
  readonly reason: string;
}

const alike = (distance: number): number => Math.exp(-(distance ** 2) / (2 * LENGTH ** 2));

export interface Choosing {
  readonly most: number;
  readonly kinds: readonly RegionKind[];
  readonly outputs: readonly Output[];
  readonly mixing: Mixing<unknown>;
}

interface Candidate {
  readonly system: SystemSummary;
  readonly trial: Trial;
}

/** A batch from the trials of all systems, which come in order of rank. */
export function nextAlloys(systems: readonly SystemSummary[], { most, kinds, outputs, mixing }: Choosing): readonly Alloy[] {
  const candidates = systems.flatMap((system) => system.trials.map((trial) => ({ item: { system, trial }, probability: trial.worth, found: foundOf(system, trial) })));
  const likeness = (a: Candidate, b: Candidate) => Math.max(a.system === b.system ? SAME_SYSTEM : 0, alike(distanceOf({ parts: a.system.parts, amounts: a.trial.amounts }, { parts: b.system.parts, amounts: b.trial.amounts })));
  return newFinds(candidates, likeness, most).map(({ item: { system, trial }, gain }, i) => {
    const price = mixing.price?.(mixing.mix(system.parts, trial.amounts)) ?? Number.NaN;
    return { ...trial, rank: i + 1, system: system.name, gain: Math.round(gain * 1e6) / 1e6, price, reason: reasonOf({ system, trial }, { price, kinds, outputs }) };
  });
}

/** How much of a hit would be known already. */
const foundOf = ({ knownHits }: SystemSummary, { nearestHit }: Trial): number => Math.max(knownHits > 0 ? SAME_SYSTEM : 0, nearestHit === null ? 0 : alike(nearestHit.distance));

/** `61 %`, with a decimal where it would be lost. */
const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 || share > 0.995 ? 1 : 0)} %`;
const atoms = (distance: number): string => `${distance.toFixed(distance < 10 ? 1 : 0)} at.%`;

function reasonOf({ system, trial }: Candidate, { price, kinds, outputs }: Pick<Choosing, "kinds" | "outputs"> & { readonly price: number }): string {
  return [likely(trial, kinds, outputs), sized(system.regions[trial.region], system), novel(system, trial), trial.inside ? "inside the model's domain" : `outside the model's domain, counted as ${percent(trial.worth)}`, ...(Number.isNaN(price) ? [] : [`raw materials ${price < 10 ? price.toFixed(1) : price.toFixed(0)} USD/kg`])].join("; ");
}

/** Probability, and what else the model thinks of. */
function likely({ probability, values }: Trial, kinds: readonly RegionKind[], outputs: readonly Output[]): string {
  const classes = outputs.flatMap((o) => (o.kind === "category" && kinds.some(({ column }) => column >= columnOf(outputs, o.name) && column < columnOf(outputs, o.name) + o.levels.length) ? o.levels.map((level, k) => ({ level, p: values[columnOf(outputs, o.name) + k]! })) : []));
  if (classes.length === 0) {
    const [first] = outputs;
    const spread = first?.kind === "number" ? ` (${first.name} ${Number(values[0]!.toPrecision(3))} ± ${Number(values[1]!.toPrecision(2))}${first.unit.symbol === "1" ? "" : ` ${first.unit.symbol}`})` : "";
    return `${percent(probability)} likely to meet the target${spread}`;
  }
  const [best, next] = classes.toSorted((a, b) => b.p - a.p);
  const doubt = next && next.p >= 0.1 ? `, against ${next.level} ${percent(next.p)}` : "";
  const whole = kinds.some(({ column }) => column < 0) || best!.p !== probability ? `${percent(probability)} likely to meet the target: ` : "";
  return `${whole}${best!.level} ${percent(best!.p)}${doubt}`;
}

const sized = (region: Region | undefined, { name }: SystemSummary): string => (region === undefined ? `in no region: nowhere in ${name} is the target likelier than not` : `in a region of ${percent(region.share)} of ${name} around ${region.centre}`);

function novel({ name, known, knownHits }: SystemSummary, { nearestHit, nearest }: Trial): string {
  const system = knownHits > 0 ? `${knownHits} known ${knownHits === 1 ? "hit" : "hits"} in ${name}` : known > 0 ? `no hit known in ${name} (${known} other ${known === 1 ? "phase" : "phases"})` : `nothing known in ${name}`;
  const near = nearestHit ? `nearest known hit ${nearestHit.text} (${nearestHit.label}) ${atoms(nearestHit.distance)} away` : nearest ? `nearest known phase ${nearest.text} (${nearest.label}) ${atoms(nearest.distance)} away` : "no known phase shares an element";
  return `${system}, ${near}`;
}
