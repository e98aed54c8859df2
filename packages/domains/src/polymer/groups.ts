/*
 * Groupings of polymers. `class` names the linkage that the main chain is made of, judged on one path along the
 * chain; where there are several, the one that a chemist would name first. `scaffold` is the main chain without its
 * side groups.
 */
import type { Catalog } from "@tatara/engine/base";
import { writeSmiles } from "../chem/smiles/index.ts";
import { shortestPath, type Topology } from "../chem/topology.ts";
import type { Rdkit } from "../chem/types.ts";
import { canonicalText } from "./canonical.ts";
import { chainTopology } from "./codec.ts";
import type { Polymer } from "./type.ts";

export const polymerGroups = (rdkit: Rdkit): Catalog<(s: Polymer) => string> => ({
  class: polymerClass,
  scaffold: (s) => canonicalText(rdkit, chainOnly(s)),
});

/** What one heteroatom of the chain is part of. */
interface Site { readonly topology: Topology; readonly path: ReadonlySet<number>; readonly at: number }

/** Name of the polymer class. */
export function polymerClass(polymer: Polymer): string {
  const topology = chainTopology(polymer);
  const chain = shortestPath(topology, polymer.link.head, polymer.link.tail);
  const path = new Set(chain);
  const sites = new Set(chain.map((at) => siteOf({ topology, path, at })));
  return ORDER.find((name) => sites.has(name)) ?? carbonClass(topology, chain);
}

/** Classes by heteroatom, the first found names the polymer. */
const ORDER = ["polyimide", "polyurethane", "polythiourethane", "polyurea", "polyoxazolidone", "polycarbonate", "polyester", "polythioester", "polyamide", "polysiloxane", "polyoxazoline", "polyether", "polysulfide", "polysulfone", "polyamine", "other"] as const;

function siteOf(site: Site): (typeof ORDER)[number] | undefined {
  const { topology: { graph: { atoms }, atomInRing }, at } = site;
  const { z, aromatic } = atoms[at]!;
  if (z === 6) return undefined;
  if (z === 7) return nitrogenSite(site);
  if (aromatic || (atomInRing[at] === 1 && z !== 14)) return undefined;
  if (z === 8) return chalcogenSite(site, ["polyester", "polycarbonate", "polyurethane", "polyether"]);
  if (z === 16) return doubles(site, at) > 0 ? "polysulfone" : chalcogenSite(site, ["polythioester", "polythioester", "polythiourethane", "polysulfide"]);
  return z === 14 ? undefined : "other";
}

function chalcogenSite(site: Site, [ester, carbonate, urethane, ether]: readonly [(typeof ORDER)[number], (typeof ORDER)[number], (typeof ORDER)[number], (typeof ORDER)[number]]): (typeof ORDER)[number] {
  const { topology: { graph: { atoms }, neighbours }, at } = site;
  if (neighbours[at]!.some(({ atom }) => atoms[atom]!.z === 14)) return "polysiloxane";
  const acyls = acylNeighbours(site, at);
  if (acyls.length === 0) return ether;
  const beyond = new Set(acyls.flatMap((acyl) => neighbours[acyl]!.filter(({ atom, bond }) => atom !== at && site.topology.graph.bonds[bond]!.order === 1 && site.path.has(atom)).map(({ atom }) => atoms[atom]!.z)));
  if (beyond.has(7)) return urethane;
  return beyond.has(8) || beyond.has(16) ? carbonate : ester;
}

function nitrogenSite(site: Site): (typeof ORDER)[number] | undefined {
  const { topology: { graph: { atoms }, neighbours, atomInRing }, at, path } = site;
  const acyls = neighbours[at]!.filter(({ atom }) => isAcyl(site, atom)).map(({ atom }) => atom);
  const inRing = acyls.filter((acyl) => atomInRing[acyl] === 1 && atomInRing[at] === 1);
  if (inRing.length >= 2) return "polyimide";
  if (inRing.some((acyl) => neighbours[acyl]!.some(({ atom }) => atoms[atom]!.z === 8 && atomInRing[atom] === 1))) return "polyoxazolidone";
  if (atoms[at]!.aromatic) return undefined;
  const onPath = acyls.filter((acyl) => path.has(acyl));
  if (onPath.length === 0) return acyls.length > 0 ? "polyoxazoline" : "polyamine";
  const beyond = new Set(onPath.flatMap((acyl) => neighbours[acyl]!.filter(({ atom }) => atom !== at && path.has(atom)).map(({ atom }) => atoms[atom]!.z)));
  return beyond.has(8) ? "polyurethane" : beyond.has(16) ? "polythiourethane" : beyond.has(7) ? "polyurea" : "polyamide";
}

const doubles = ({ topology: { graph: { bonds }, neighbours } }: Site, atom: number): number => neighbours[atom]!.filter(({ bond }) => bonds[bond]!.order === 2 && !bonds[bond]!.aromatic).length;

/** Carbon doubly bonded to O or S; within an aromatic imide too. */
const isAcyl = ({ topology: { graph: { atoms, bonds }, neighbours } }: Site, atom: number): boolean =>
  atoms[atom]!.z === 6 && neighbours[atom]!.some((next) => bonds[next.bond]!.order === 2 && !bonds[next.bond]!.aromatic && [8, 16].includes(atoms[next.atom]!.z));
const acylNeighbours = (site: Site, at: number): readonly number[] => site.topology.neighbours[at]!.filter(({ atom }) => site.path.has(atom) && isAcyl(site, atom)).map(({ atom }) => atom);

/** A chain of carbon (and silicon): conjugated or not. */
function carbonClass({ graph: { atoms, bonds }, neighbours }: Topology, chain: readonly number[]): string {
  if (chain.some((at) => atoms[at]!.z === 14)) return "polysilane";
  if (chain.some((at) => atoms[at]!.aromatic)) return "polyarylene";
  const flat = (at: number) => neighbours[at]!.some(({ bond }) => bonds[bond]!.order > 1);
  return chain.every(flat) ? "polyacetylene" : "polyolefin";
}

/** The unit with the atoms of its main chain and what is doubly bonded to them; hydrogens where side groups were. */
function chainOnly({ unit, repeat, stars, backbone, link }: Polymer): string {
  const kept = new Set(backbone);
  for (const { a, b, order } of repeat.bonds) if (order === 2) for (const [p, q] of [[a, b], [b, a]] as const) if (backbone.includes(p)) kept.add(q);
  const places = new Map([...kept].toSorted((a, b) => a - b).map((atom, i) => [atom, i]));
  const lost = new Map<number, number>();
  for (const { a, b, order } of repeat.bonds) for (const [p, q] of [[a, b], [b, a]] as const) if (places.has(p) && !places.has(q)) lost.set(p, (lost.get(p) ?? 0) + order);
  const atoms = [...places.keys()].map((i) => ({ ...repeat.atoms[i]!, hydrogens: repeat.atoms[i]!.hydrogens + (lost.get(i) ?? 0) }));
  const inner = repeat.bonds.filter(({ a, b }) => places.has(a) && places.has(b)).map((bond) => ({ ...bond, a: places.get(bond.a)!, b: places.get(bond.b)! }));
  const open = [link.head, link.tail].map((end, i) => ({ a: atoms.length + i, b: places.get(end)!, order: link.order, aromatic: false }));
  return writeSmiles({ atoms: [...atoms, unit.atoms[stars[0]]!, unit.atoms[stars[1]]!], bonds: [...inner, ...open] });
}
