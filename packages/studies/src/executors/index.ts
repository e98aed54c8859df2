export { openCrew, type Crew } from "./crew.ts";
export { openScreening, type ScreeningCrew } from "./screening.ts";
export { openLearning, shareTable, type LearningCrew } from "./learning.ts";
export type { CrewSetup, GeneratorSetup, MixtureAnswers, Mixtures, Nearest, ReadMaterial, ScreeningSetup } from "./protocol.ts";
export { toPng } from "./pictures.ts";
