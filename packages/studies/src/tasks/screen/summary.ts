/* What a screening says when it ends. */
import type { RunSummary } from "../types.ts";
import type { Screened } from "./screen.ts";
import { TRIALS } from "./summarise.ts";

const LINES = 10;

export function screenSummary({ lines, results }: Pick<RunSummary, "lines" | "results">, { systems, alloys, asked, labels, forbidden }: Screened): Pick<RunSummary, "lines" | "results"> {
  const whole = labels.kinds.at(-1)!.name;
  const found = systems.filter((s) => s.regions.some((r) => r.kind === whole));
  const said = [
    `${counted(systems.length)}, ${asked} materials predicted${forbidden > 0 ? `; ${forbidden} more systems are forbidden by constraints` : ""}`,
    `${counted(found.length)} with a region of ${whole}, ${found.filter((s) => s.knownHits === 0).length} of them without a known hit; ranked by the hits, known ones too, to expect among the ${TRIALS} best materials of each`,
    ...systems.slice(0, LINES).map((s, i) => `  ${i + 1}. ${s.name}  ${s.score.toFixed(2)} hits expected${s.trials[0] ? `, best ${s.trials[0].formula} ${percent(s.trials[0].probability)}` : ""}${s.knownHits > 0 ? `, ${s.knownHits} known` : ""}`),
    ...(alloys.length > 0 ? [`next to try, ${alloys.reduce((sum, a) => sum + a.gain, 0).toFixed(1)} new finds expected among ${alloys.length}:`, ...alloys.slice(0, LINES).map((a) => `  ${a.rank}. ${a.formula}  ${a.reason}`)] : []),
  ];
  return {
    lines: [...lines, ...said],
    results: {
      ...results,
      screen: {
        systems: systems.length,
        points: asked,
        forbidden,
        found: found.length,
        best: systems.slice(0, LINES).map(({ name, score, trials: [best], knownHits }) => ({ system: name, score, best: best?.formula ?? null, probability: best?.probability ?? null, knownHits })),
        alloys: alloys.map(({ rank, formula, system, probability, gain, reason }) => ({ rank, formula, system, probability, gain, reason })),
        expectedFinds: alloys.reduce((sum, a) => sum + a.gain, 0),
      },
    },
  };
}

const counted = (n: number): string => `${n} ${n === 1 ? "system" : "systems"}`;

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
