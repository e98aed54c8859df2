/* 3-D coordinates from a graph, and what coordinates say about bonds and volume. */
export { coordinates, withPositions } from "./coordinates.ts";
export type { Geometry, NoGeometry } from "./coordinates.ts";
export { unbuildable } from "./skeleton.ts";
export { coordinatesFromTemplates, loadOpenChemLib } from "./templates.ts";
export type { Ocl } from "./templates.ts";
export { bondChange, bondsIn, distance } from "./perceive.ts";
export { atomVolumes } from "./volume.ts";
export { covalentRadius, hasRadii, vanDerWaalsRadius } from "./radii.ts";
