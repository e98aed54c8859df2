/* 3-D coordinates from a graph, and what coordinates say about bonds and volume. */
export { coordinates } from "./coordinates.ts";
export type { Geometry, NoGeometry } from "./coordinates.ts";
export { bondChange, bondsIn, distance } from "./perceive.ts";
export { covalentRadius, hasRadii, vanDerWaalsRadius } from "./radii.ts";
