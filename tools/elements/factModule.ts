/* The text of factData.ts: per element what facts.ts reads back, compact. */
import type { IonFacts } from "./ions.ts";
import { csvColumn, factCells } from "./readers.ts";
import type { Sources } from "./sources.ts";

const lines = (symbols: readonly string[], of: (symbol: string) => string) => symbols.flatMap((symbol) => (of(symbol) === "" ? [] : [`${symbol} ${of(symbol)}`])).join("\n");
const constant = (name: string, about: string, text: string) => `/** ${about} */\nexport const ${name} = \`\n${text}\n\`;\n`;

export function factModule(sources: Sources, symbols: readonly string[], ions: IonFacts): string {
  const joined = (file: string, columns: readonly string[]) => {
    const cells = columns.map((column) => factCells(file, column));
    return lines(symbols, (symbol) => (cells.some((cell) => cell(symbol) === undefined) ? "" : cells.map((cell) => cell(symbol)).join(" ")));
  };
  const hhi = ["HHI_production", "HHI_reserve"].map((column) => csvColumn(sources.text.hhi.replace("#element", "element"), column));
  return [
    constant("oxidationData", "state:count in the ICSD, the most frequent first, `*` after a common state. Source: pymatgen (icsd_bv.yaml and its periodic table).", lines(symbols, (symbol) => ions.states(symbol).map(({ state, count, common }) => `${state}:${count}${common ? "*" : ""}`).join(" "))),
    constant("shannonData", "charge/site=ionic radius in Å; site: coordination, q square, y pyramid, h or l for spin. Source: R. D. Shannon, Acta Cryst. A32 (1976) 751, in pymatgen.", lines(symbols, (symbol) => ions.ions(symbol).map(({ charge, site, spin, radius }) => `${charge}/${site}${spin}=${radius}`).join(" "))),
    constant("miedemaData", "phi n_ws^(1/3) V^(2/3) R/P a kind. Source: F. R. de Boer et al., Cohesion in Metals (1988).", joined("miedema", ["phi", "n_ws13", "v23", "rp", "a", "kind"])),
    constant("priceData", "USD/kg and year. Source: the list \"Prices of chemical elements\" (Wikipedia, 2020), after USGS and others.", joined("price", ["price", "year"])),
    constant("hhiData", "Production, reserve. Source: M. W. Gaultois et al., Chem. Mater. 25 (2013) 2911, in pymatgen.", lines(symbols, (symbol) => (hhi[0]!(symbol) === undefined ? "" : hhi.map((cell) => cell(symbol)).join(" ")))),
    constant("electronData", "Electrons per atom. Source: G. V. Raynor, Progr. Metal Phys. 1 (1949) 1; A.-P. Tsai, J. Non-Cryst. Solids 334-335 (2004) 317.", joined("electrons-per-atom", ["raynor"])),
  ].join("\n");
}
