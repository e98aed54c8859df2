/*
 * Polymers with a wanted thermal conductivity and a small volume expansion, learnt from PI1070 (RadonPy).
 *
 *   node packages/studies/bench/pi1070.bench.ts
 *
 * The standard target (above 0.24 W/m/K) is met by 35 of the 855 complete rows, the hard one (below 0.12) by 2.
 */
import { realData, runPlain } from "./common.ts";

const table = realData("poly-pi1070/PI1070_train.csv");
const study = (name: string, conductivity: string) => ({
  study: "invert",
  name,
  domain: "polymer",
  data: { table, structure: "smiles", properties: { thermal_conductivity: { unit: "W/(m K)" }, volume_expansion: { unit: "1/K" } } },
  target: { thermal_conductivity: conductivity, volume_expansion: "< 1.5e-4 1/K" },
  constraints: { max_heavy_atoms: 50 },
  generate: { prior: "ngram", particles: 1000 },
});

for (const [name, conductivity] of [["pi1070-standard", "> 0.24 W/(m K)"], ["pi1070-hard", "< 0.12 W/(m K)"]] as const) {
  console.log(`\n${name}: thermal conductivity ${conductivity}, volume expansion < 1.5e-4 1/K`);
  await runPlain(study(name, conductivity));
}
