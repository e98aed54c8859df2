/*
 * What the tasks share: a study that was read and checked, and what a finished run tells.
 */
import type { Domain } from "@tatara/engine/generate";
import type { ShippedSet } from "@tatara/data";
import type { DomainSetup } from "../catalogue/domains.ts";
import type { Study } from "../schema/study.ts";
import type { LentSource } from "./sources.ts";

/** A study with every default filled in and every name known to exist. */
export interface LoadedStudy {
  /** Its name: for the run directory and the report's title. */
  readonly name: string;
  readonly study: Study;
  /** Path of the data table. */
  readonly table: string;
  /** The shipped set, when the table is one. */
  readonly set?: ShippedSet;
  readonly domain: Domain<unknown>;
  /** What the domain was built from, for threads and models. */
  readonly setup: DomainSetup;
  /** Finished models whose predictions the study learns from. */
  readonly sources: readonly LentSource[];
  /** Where a field stands, in words: `study.yaml:3:14`. */
  place(path: readonly PropertyKey[]): string;
}

/** What a run tells when it ends; also printed by --json. */
export interface RunSummary {
  readonly path: string;
  readonly seconds: number;
  readonly report?: string;
  /** Lines for a reader. */
  readonly lines: readonly string[];
  /** The same as data. */
  readonly results: Readonly<Record<string, unknown>>;
}

/** How a run talks to its host beside the context. */
export interface RunHost {
  readonly verify: boolean;
  say(text: string): void;
  /** Called once, when the run directory exists. */
  opened?(path: string): void;
}
