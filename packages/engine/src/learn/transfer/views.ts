/*
 * Source knowledge as columns: features whose block is named `source:…` are what is known of a row from elsewhere (the
 * prediction of a model of other data, the hidden layers of a network, another property that was measured). A view is
 * a learner that sees some of the columns: its model finds them by name, so that it needs no wrapper of its own.
 */
import { InputError } from "../../base/errors.ts";
import { selectFeatures } from "../../data/table.ts";
import type { Feature, Table } from "../../data/types.ts";
import type { Learner } from "../types.ts";

/** Blocks of source columns begin with this. */
export const SOURCE = "source:";

export const isSource = ({ block }: Feature): boolean => block?.startsWith(SOURCE) ?? false;

/** Names of the source blocks, in the order of their columns. */
export const sourceBlocks = ({ features }: Table): readonly string[] => [...new Set(features.filter(isSource).map(({ block }) => block!))];

const select = (x: Table, wanted: (feature: Feature) => boolean): Table => selectFeatures(x, x.features.filter(wanted).map(({ name }) => name));

/** The source columns. Throws InputError when there are none. */
export function sourcesOf(x: Table): Table {
  const out = select(x, isSource);
  if (out.cols === 0) throw new InputError(`nothing to transfer from: ${x.cols} features, none of a source — blocks of source columns are named "${SOURCE}…"`, { path: "transfer" });
  return out;
}

/** The columns that are of no source. Throws InputError when there are none. */
export function descriptorsOf(x: Table): Table {
  const out = select(x, (feature) => !isSource(feature));
  if (out.cols === 0) throw new InputError(`nothing but sources: ${x.cols} source columns — describe the rows by features of their own too`, { path: "represent" });
  return out;
}

const view = (name: string, learner: Learner, of: (x: Table) => Table): Learner => ({ ...learner, id: `${name}: ${learner.id}`, fit: (x, y, key, ctx) => learner.fit(of(x), y, key, ctx) });

/** No transfer: the learner sees no source. */
export const withoutSources = (learner: Learner): Learner => view("none", learner, descriptorsOf);

/** The source alone: the learner sees the source columns only. */
export const onSources = (learner: Learner): Learner => view("source", learner, sourcesOf);

/** Augmentation: the learner sees descriptors and source columns side by side. */
export const augmented = (learner: Learner): Learner =>
  view("augmented", learner, (x) => {
    sourcesOf(x);
    return x;
  });

/** The learner sees one source block only. */
export const onBlock = (block: string, learner: Learner): Learner => view(block, learner, (x) => select(x, (feature) => feature.block === block));
