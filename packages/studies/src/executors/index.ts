export { openCrew, type Crew } from "./crew.ts";
export type { CrewSetup, GeneratorSetup, Nearest, ReadMaterial } from "./protocol.ts";
