/*
 * Shotgun transfer: with few rows, every source is tried. The features of each frozen source go by themselves into simple
 * learners, all are cross-validated on the target, and the best few are averaged: Yamada, Liu, Wu, Koyama, Ju, Shiomi, Morikawa
 * & Yoshida, ACS Cent. Sci. 5, 1717 (2019). A source is one block of columns. The best of very many is best partly by luck, so
 * its own cross-validated error is too low; the learner without any source stands in the same ranking.
 */
import type { LearnerNeeds } from "../select.ts";
import type { Learner } from "../types.ts";
import { transfer } from "./transfer.ts";
import { onBlock, sourceBlocks, withoutSources } from "./views.ts";

export interface NamedBase {
  readonly name: string;
  readonly learner: Learner;
  readonly needs: LearnerNeeds;
}

export interface ShotgunOptions {
  /** What the features of each source go into; the first learns from the descriptors too, for comparison. */
  readonly bases: readonly NamedBase[];
  /** How many of the best are averaged. Default 3. */
  readonly top?: number;
  readonly folds?: number;
  /** Default 1: there are many to try. */
  readonly repeats?: number;
  readonly patience?: number;
}

/** The learner. Its report (`transferReports`) is the ranking. */
export const shotgun = ({ bases, top = 3, repeats = 1, ...rest }: ShotgunOptions): Learner =>
  transfer({
    ...rest,
    repeats,
    name: "shotgun",
    combine: { top },
    members: (x) => [
      { name: "none", learner: withoutSources(bases[0].learner), needs: bases[0].needs },
      ...sourceBlocks(x).flatMap((block) => bases.map(({ name, learner, needs }) => ({ name: `${block} ${name}`, learner: onBlock(block, learner), needs }))),
    ],
  });
