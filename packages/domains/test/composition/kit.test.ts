/* What every kind of material promises, for compositions. */
import { expect, test } from "vitest";
import { fold, key, stream } from "@tatara/engine/base";
import { checkDomain } from "@tatara/engine/testing";
import { composition, compositionOf, type Composition } from "@tatara/domains/composition";

const TEXTS = [
  "Fe2O3", "Fe3O4", "NaCl", "KCl", "LiCl", "MgO", "CaO", "BaO", "SrO", "CuSO4·5H2O", "La1.85Sr0.15CuO4", "YBa2Cu3O6.9", "BaTiO3", "SrTiO3", "CaTiO3", "PbTiO3", "LaAlO3", "GaAs", "GaP", "InSb", "InAs", "AlN", "BN",
  "Bi2Te3", "Sb2Te3", "Bi2Se3", "PbTe", "SnSe", "Al65Cu20Fe15", "Al63Cu25Fe12", "Al70Pd20Mn10", "Al70Ni15Co15", "Zn60Mg30Y10", "Zn57Mg34Ho9", "Cd65Mg20Yb15", "Ti45Zr38Ni17", "Ti6Al4V", "CoCrFeMnNi", "Ni3Al", "NiAl", "Cu5Zn8", "Mg17Al12",
  "Fe", "Si", "C", "CO2", "H2O", "CH3OH", "LiFePO4", "LiCoO2", "Fe-18Cr-8Ni wt.%", "Ag(W3Br7)2", "Ca10(PO4)6(OH)2", "MgB2", "Nb3Sn", "MoS2", "WS2", "TiO2", "ZrO2", "HfO2", "Al2O3", "Cr2O3", "V2O5", "SiO2", "GeO2", "PuO2", "XeF2",
];

/** The same composition from other amounts in another order. */
function rewrite(at: ReturnType<typeof key>, { z, reduced }: Composition): Composition {
  const rng = stream(at);
  const scale = [2, 3, 0.5, 0.1, 7][rng.below(5)]!;
  return compositionOf({ z, amounts: reduced.map((n) => Number((n * scale).toPrecision(12))) });
}

const domain = composition();
const corpus = TEXTS.map((text) => domain.codec.parse(text));
const recipe = domain.priors["known"]!;
const prior = recipe.fit(corpus, recipe.options.parse({}), key(1));
const proposals = Object.values(domain.proposals).map((p) => p.make(prior, corpus, {}));

const claims = checkDomain(domain, {
  key: key(7),
  texts: TEXTS,
  nonsense: ["Xx2", "Fe2O3-", "2H", "D2O", "Al-Cu-Fe", "Fe3+", "YBa2Cu3O7-δ"],
  rewrite,
  prior,
  proposals,
  constraints: [
    { name: "max_elements", value: 2, keeps: "NaCl", refuses: "BaTiO3", illegal: -1 },
    { name: "min_elements", value: 3, keeps: "BaTiO3", refuses: "NaCl", illegal: "two" },
    { name: "elements", value: ["Al", "Cu", "Fe"], keeps: "Al65Cu20Fe15", refuses: "Al70Pd20Mn10", illegal: ["Xx"] },
    { name: "forbid", value: ["Pb", "Cd", "Tl"], keeps: "Bi2Te3", refuses: "PbTe", illegal: 5 },
    { name: "require", value: ["Al", "Cu"], keeps: "Al65Cu20Fe15", refuses: "NiAl", illegal: "" },
    { name: "fraction", value: { Al: "20 .. 66 at.%" }, keeps: "Al65Cu20Fe15", refuses: "Al70Pd20Mn10", illegal: { Al: "20 .. 60" } },
    { name: "fraction", value: { Cr: ">= 12 wt.%" }, keeps: "Fe-18Cr-8Ni wt.%", refuses: "Fe", illegal: { Cr: "maximise" } },
    { name: "systems", value: ["Al-Cu-Fe", "Al-Ni-Co"], keeps: "Al70Ni15Co15", refuses: "Al70Pd20Mn10", illegal: "Al-Q" },
    { name: "max_cost", value: 20, keeps: "Fe2O3", refuses: "Al70Pd20Mn10", illegal: "cheap" },
    { name: "max_supply_risk", value: 3000, keeps: "Al65Cu20Fe15", refuses: "Nb3Sn", illegal: -5 },
    { name: "charge_neutral", value: true, keeps: "Fe3O4", refuses: "Al65Cu20Fe15", illegal: "yes" },
  ],
});

for (const claim of claims) test.skipIf(claim.skip !== undefined)(claim.name, () => claim.check());

test("no promise is skipped", () => expect(claims.filter((c) => c.skip !== undefined)).toEqual([]));

test("a prior read back draws and weighs the same", () => {
  const again = recipe.load(JSON.parse(JSON.stringify(prior.toJSON())));
  for (let i = 0; i < 50; i++) {
    const mix = prior.sample(fold(key(3), i));
    expect(again.sample(fold(key(3), i))).toEqual(mix);
    expect(again.logDensity(mix)).toBe(prior.logDensity(mix));
  }
});
