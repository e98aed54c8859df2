/* The report's part on repeating the run. */
import { escapeText, readable } from "@tatara/charts";
import { count } from "./format.ts";
import type { ReportData } from "./types.ts";

export function reproduceSection({ study, version, seed, seconds, command, data, design, screen }: ReportData): string {
  return `<section><h2 id="reproduce">How to reproduce it</h2>
<p>Tatara ${escapeText(version)}, seed ${seed}. Data: ${escapeText(data.table)} (${count(data.rows, "material")}, ${count(data.features, "feature")}), content hash <code>${escapeText(data.id.slice(0, 16))}</code>. It took ${escapeText(duration(seconds))}. The same build on the same kind of processor gives the same ${design ? "candidates" : screen ? "systems and alloys" : "model"} to the last bit, with any number of workers.</p>
<pre tabindex="0">${escapeText(command)}</pre>
<details><summary>The study with every default</summary><pre tabindex="0">${escapeText(study)}</pre></details>
</section>
<footer>Made with Tatara. ${design ? "Candidates are proposals" : screen ? "Systems and alloys are proposals" : "Predictions are those"} of a statistical model: the bands say how unsure it is, and only a measurement decides.</footer>`;
}

function duration(seconds: number): string {
  if (!(seconds >= 90)) return `${readable(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
