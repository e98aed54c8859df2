/*
 * What a point of a grid is said to be. With one target of classes: its likeliest class, where that is one of the
 * target's. Otherwise, and for several classes taken together: the target, where it is likelier met than not.
 */
import type { Target } from "@tatara/engine/design";
import type { Output } from "@tatara/engine/learn";

/** A kind of region, and where its probability stands among a point's values. */
export interface RegionKind {
  readonly name: string;
  /** Column of the class's probability; −1 for the probability of the whole target. */
  readonly column: number;
}

export interface Labelling {
  /** Classes of the target, then the target as a whole where that is something else. */
  readonly kinds: readonly RegionKind[];
  /** Index among `kinds` of what a point is; `kinds.length` for anything else, −1 where it is not known. */
  of(probability: number, values: ArrayLike<number>, at: number): number;
}

/** Probability from which on the target counts as met. */
const MET = 0.5;

/** Columns that an output takes among a point's values. */
export const columnsOf = (output: Output): number => (output.kind === "number" ? 2 : output.levels.length);

/** Where an output's columns begin. */
export function columnOf(outputs: readonly Output[], property: string): number {
  const place = outputs.findIndex((o) => o.name === property);
  return outputs.slice(0, place).reduce((sum, o) => sum + columnsOf(o), 0);
}

export function labelling(targets: readonly Target[], outputs: readonly Output[]): Labelling {
  const [target] = targets;
  const output = outputs.find((o) => o.name === target?.property);
  const whole = { name: targets.map((t) => (t.kind === "levels" ? t.levels.join(" | ") : t.property)).join(" & "), column: -1 };
  if (targets.length !== 1 || target?.kind !== "levels" || output?.kind !== "category")
    return { kinds: [whole], of: (probability) => (Number.isNaN(probability) ? -1 : probability >= MET ? 0 : 1) };
  const first = columnOf(outputs, target.property);
  const classes = target.levels.map((name) => ({ name, column: first + output.levels.indexOf(name) }));
  const kinds = classes.length === 1 ? classes : [...classes, whole];
  return {
    kinds,
    of(probability, values, at) {
      if (Number.isNaN(probability)) return -1;
      let best = first;
      for (let c = first + 1; c < first + output.levels.length; c++) if (values[at + c]! > values[at + best]!) best = c;
      const kind = classes.findIndex(({ column }) => column === best);
      return kind < 0 ? kinds.length : kind;
    },
  };
}

/** Whether a point belongs to a kind of region. */
export const belongs = ({ kinds }: Labelling, kind: number, label: number, probability: number): boolean => (kinds[kind]!.column < 0 ? probability >= MET : label === kind);
