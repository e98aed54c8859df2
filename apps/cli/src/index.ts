/* The package `tatara` as a library: the engine, the domains, and the tasks that the command line runs. */
export * from "@tatara/engine";
export { composition, domains, loadRdkit, molecule, polymer, type Composition, type DomainFactory, type DomainOptions, type Molecule, type Polymer } from "@tatara/domains";
export { describeTable, forecast, loadStudy, predictTable, readModel, renderReport, resumeRun, runStudy, studyOf, templates, version, type LoadedStudy, type RunHost, type RunSummary } from "@tatara/studies/tasks";
export { readCsv, csvText } from "@tatara/studies/tables";
export { studyJsonSchema, type FitStudy, type InvertStudy, type ScreenStudy, type Study } from "@tatara/studies/schema";
export { shippedSets, type ShippedSet } from "@tatara/data";
export * as charts from "@tatara/charts";
