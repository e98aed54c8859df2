import { stringify } from "yaml";
import type { Study } from "./study.ts";

/** A study as YAML: what study.yaml of a run holds, and what `check` prints. */
export const studyText = (study: Study): string => stringify(study, { lineWidth: 120, flowCollectionPadding: false });
