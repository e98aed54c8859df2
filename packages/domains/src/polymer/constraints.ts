/*
 * Hard conditions on polymers: those of all structures, with patterns looked for along the chain. A match counts when
 * it touches the middle one of several units and neither open end: so patterns that span the link are found, and the
 * ends of the piece that is looked at are not mistaken for ends of the polymer.
 */
import type { Mol } from "@rdkit/rdkit";
import type { Catalog } from "@tatara/engine/base";
import type { ConstraintRecipe } from "@tatara/engine/generate";
import { structureConstraints } from "../chem/constraints.ts";
import { matchesOf, pattern } from "../chem/patterns.ts";
import { withMol } from "../chem/rdkit.ts";
import { writeSmiles } from "../chem/smiles/index.ts";
import { walk } from "../chem/smiles/walk.ts";
import type { Rdkit } from "../chem/types.ts";
import { patterns } from "../chem/values.ts";
import { chainTopology } from "./codec.ts";
import { synthesisText } from "./descriptors.ts";
import { polymerClass } from "./groups.ts";
import { oligomer, unitsThatFit } from "./oligomer.ts";
import type { Polymer } from "./type.ts";

/** Main-chain atoms on each side of the middle unit; longer patterns may be missed. */
const REACH = 8;

export function polymerConstraints(rdkit: Rdkit): Catalog<ConstraintRecipe<Polymer>> {
  const common = structureConstraints<Polymer>(rdkit, { text: ({ smiles }) => smiles, synthesisText, topology: chainTopology });
  return {
    ...common,
    require: spanning(rdkit, "patterns (SMARTS) that must all occur along the chain", (found, smarts) => (found ? undefined : `lacks required ${smarts}`)),
    forbid: spanning(rdkit, "patterns (SMARTS) none of which may occur along the chain", (found, smarts) => (found ? `contains forbidden ${smarts}` : undefined)),
    class: {
      about: "names of polymer classes allowed, such as polyester",
      schema: { parse: patterns },
      make(value) {
        const allowed = patterns(value);
        return (s) => (allowed.includes(polymerClass(s)) ? undefined : `is a ${polymerClass(s)}, allowed ${allowed.join(", ")}`);
      },
    },
  };
}

function spanning(rdkit: Rdkit, about: string, judge: (found: boolean, smarts: string) => string | undefined): ConstraintRecipe<Polymer> {
  return {
    about,
    schema: { parse: patterns },
    make(value) {
      const queries = patterns(value).map((smarts) => [smarts, pattern(rdkit, smarts)] as const);
      return (s) => {
        const { text, units } = piece(s);
        const reasons = withMol(rdkit, text, (mol) => queries.map(([smarts, query]) => judge(occurs(mol, query, units), smarts)));
        return reasons.filter((reason) => reason !== undefined).join(", ") || undefined;
      };
    },
  };
}

interface Piece {
  readonly text: string;
  /** Unit of each atom of the text, counted from the middle one; NaN for an open end. */
  readonly units: readonly number[];
}

/** An odd number of units. */
function piece(polymer: Polymer): Piece {
  const size = polymer.repeat.atoms.length;
  const sides = Math.ceil(REACH / Math.max(1, Math.floor(polymer.backbone.length / 2)));
  const fits = Math.max(1, unitsThatFit(polymer, 2 * sides + 1));
  const n = fits % 2 === 1 ? fits : fits - 1;
  const graph = oligomer(polymer, n);
  const order = walk(graph, 0, graph.atoms.map((_, i) => i)).sequence; // the order in which the writer below writes
  return { text: writeSmiles(graph), units: order.map((atom) => (atom < n * size ? Math.floor(atom / size) - (n - 1) / 2 : Number.NaN)) };
}

const occurs = (mol: Mol, query: Mol, units: readonly number[]): boolean =>
  matchesOf(mol, query).some((atoms) => atoms.some((atom) => units[atom] === 0) && atoms.every((atom) => !Number.isNaN(units[atom])));
