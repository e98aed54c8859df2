/* Named tasks over study files: what the command line, and later the server, call. */
export { describeTable, type DescribeOptions } from "./describe.ts";
export { forecast, type Forecast } from "./forecast.ts";
export { addToLibrary, libraryEntries, libraryLines, listLibraries, pullFromLibrary, type AddOptions, type Listed, type PullOptions } from "./library.ts";
export { loadStudy, resolveStudy, studyOf } from "./load.ts";
export { soundStudy } from "./survey.ts";
export { predictTable, readModel, type PredictOptions, type TableResult } from "./predict.ts";
export { renderReport, resumeRun, runStudy } from "./run.ts";
export { templates, type Template } from "./templates.ts";
export type { LoadedStudy, RunHost, RunSummary } from "./types.ts";
export { version } from "./version.ts";
