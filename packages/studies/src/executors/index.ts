export { openCrew, type Crew } from "./crew.ts";
export { openScreening, type ScreeningCrew } from "./screening.ts";
export { openLearning, shareTable, type LearningCrew } from "./learning.ts";
export type { CrewSetup, GeneratorSetup, Nearest, ReadMaterial } from "./protocol.ts";
export { toPng } from "./pictures.ts";
export type { CrewSetup, GeneratorSetup, Nearest, Mixtures, MixtureAnswers, ReadMaterial, ScreeningSetup } from "./protocol.ts";
