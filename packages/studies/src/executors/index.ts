export { openCrew, type Crew } from "./crew.ts";
export { openLearning, shareTable, type LearningCrew } from "./learning.ts";
export type { CrewSetup, GeneratorSetup, Nearest, ReadMaterial } from "./protocol.ts";
export { toPng } from "./pictures.ts";
