/* The xyz file format: a count, a comment, then symbol and three coordinates in angstrom per line. */
import { elements as table } from "@tatara/domains/chem";
import type { Geometry } from "@tatara/domains/chem/geometry";

export function toXyz({ elements, positions }: Geometry): string {
  const lines = elements.map((z, i) => [table[z]!.symbol, ...[0, 1, 2].map((d) => positions[3 * i + d]!.toFixed(8))].join(" "));
  return `${elements.length}\n\n${lines.join("\n")}\n`;
}

/** n × 3 positions, or undefined when the text has not `atoms` complete lines. */
export function fromXyz(text: string, atoms: number): Float64Array | undefined {
  const lines = text.split("\n").slice(2, 2 + atoms);
  const positions = Float64Array.from(lines.flatMap((line) => line.trim().split(/\s+/).slice(1, 4).map(Number)));
  return positions.length === 3 * atoms && positions.every(Number.isFinite) ? positions : undefined;
}
