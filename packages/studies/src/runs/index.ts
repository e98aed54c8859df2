export { createRun, loadData, openRun, type RunDirectory } from "./directory.ts";
export { makeDirectory, readIfThere, StorageError, told, writeAtomic } from "./files.ts";
export { openRecorder, totalSeconds, type Recorder, type RunRecord, type StageRecord } from "./recorder.ts";
