export { checkStudy, StudyError } from "./check.ts";
export { studyText } from "./text.ts";
export { override, parseStudy, placeOf, setPath, type StudySource } from "./source.ts";
export { studyJsonSchema, studySchemas, type CurvesStudy, type FitStudy, type InvertStudy, type RulesStudy, type ScreenStudy, type Study } from "./study.ts";
