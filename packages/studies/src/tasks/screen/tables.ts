/* What a screening writes as tables. */
import type { Output } from "@tatara/engine/learn";
import { csvText, type Cell } from "../../tables/write.ts";
import type { Alloy } from "./alloys.ts";
import type { Neighbour, SystemSummary } from "./summarise.ts";

const near = (n: Neighbour | null): readonly Cell[] => (n === null ? ["", "", ""] : [n.text, n.label, n.distance]);
const nearHeader = (name: string): readonly string[] => [`nearest_${name}`, `nearest_${name}_is`, `${name}_distance_at_percent`];
const extents = (parts: readonly string[], low: readonly number[], high: readonly number[]): string => parts.map((part, k) => `${part} ${low[k]} .. ${high[k]}`).join(", ");

/** systems.csv: best first. */
export const systemsText = (systems: readonly SystemSummary[]): string =>
  csvText(
    ["rank", "system", "score", "best_probability", "best", "region_share", "largest_region", "centre", "in_domain_share", ...nearHeader("known"), ...nearHeader("hit"), "known_phases", "known_hits", "points"],
    systems.map((s, i) => {
      const largest = largestOf(s);
      const [best] = s.trials;
      return [i + 1, s.name, s.score, best?.probability, best?.formula, s.area, largest?.kind, largest?.centre, shareInside(s), ...near(best?.nearest ?? null), ...near(best?.nearestHit ?? null), s.known, s.knownHits, s.asked];
    }),
  );

/** The largest of a system's regions. */
export const largestOf = ({ regions }: SystemSummary) => regions.reduce<SystemSummary["regions"][number] | undefined>((a, b) => (a === undefined || b.points > a.points ? b : a), undefined);

/** Share of a system's trials inside the model's domain. */
export const shareInside = ({ trials }: SystemSummary): number => (trials.length === 0 ? Number.NaN : Math.round((1e6 * trials.filter((t) => t.inside).length) / trials.length) / 1e6);

/** regions.csv: by rank of the system, the largest of each kind first. */
export const regionsText = (systems: readonly SystemSummary[]): string =>
  csvText(
    ["system_rank", "system", "class", "points", "share", "centre", "extent_at_percent", "mean_probability", "max_probability", "best", "in_domain_share", ...nearHeader("known"), ...nearHeader("hit")],
    systems.flatMap((s, i) => s.regions.map((r) => [i + 1, s.name, r.kind, r.points, r.share, r.centre, extents(s.parts, r.low, r.high), r.mean, r.max, r.best, r.inside, ...near(r.nearest), ...near(r.nearestHit)])),
  );

const valueHeader = (o: Output): readonly string[] => (o.kind === "number" ? [`${o.name}_mean`, `${o.name}_sd`] : o.levels.map((level) => `p_${level}`));

/** alloys.csv: in the order of choice. */
export const alloysText = (alloys: readonly Alloy[], outputs: readonly Output[]): string =>
  csvText(
    ["rank", "alloy", "system", "probability", "gain", ...outputs.flatMap(valueHeader), "in_domain", ...nearHeader("known"), ...nearHeader("hit"), "price_usd_per_kg", "reason"],
    alloys.map((a) => [a.rank, a.formula, a.system, a.probability, a.gain, ...a.values, a.inside, ...near(a.nearest), ...near(a.nearestHit), a.price, a.reason]),
  );
