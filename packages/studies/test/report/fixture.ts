/* Reports with synthetic numbers and real drawings, for tests of the page. Nothing here was computed by a model. */
import { fold, key, stream } from "@tatara/engine/base";
import { loadRdkit } from "@tatara/domains/chem";
import { molecule } from "@tatara/domains/molecule";
import type { ClassValidation, NumericValidation, ReportCandidate, ReportData, ReportDesign, ReportProperty } from "../../src/report/types.ts";

const domain = molecule(await loadRdkit());
const structures = [
  "c1ccc2cc3ccccc3cc2c1", "O=C(Oc1ccc(Sc2ccccc2)cc1)c1ccc(Oc2ccccc2)cc1", "N#Cc1ccc(-c2ccc(Br)s2)cc1", "CC(C)(c1ccc(O)cc1)c1ccc(O)cc1", "CSc1ccc(SC)cc1", "O=S(=O)(c1ccc(Cl)cc1)c1ccc(Cl)cc1",
  "COc1ccc(C=CC(=O)c2ccc(N(C)C)cc2)cc1", "c1ccc(-c2nc3ccccc3s2)cc1", "CC(C)(C)c1ccc(OC(=O)c2ccc(C(=O)OCCOCCOCCOC(=O)c3ccc(C(C)(C)C)cc3)cc2)cc1", "O=C1c2ccccc2C(=O)N1c1ccc(Oc2ccc(N3C(=O)c4ccccc4C3=O)cc2)cc1", "C1CCCCC1", "CCO",
  "Fc1ccc(C(F)(F)F)cc1", "O=C(Nc1ccccc1)c1cccs1", "c1ccc2[nH]ccc2c1", "CN1C=NC2=C1C(=O)N(C)C(=O)N2C", "BrC(Br)Br", "O=C(O)c1ccccc1OC(C)=O", "CCCCCCCCCCCCCCCC(=O)OC", "c1cc2ccc3cccc4ccc(c1)c2c34", "Clc1ccc(Cl)c(Cl)c1", "CC#CC#CC", "S=C=S", "O=c1cc(-c2ccccc2)oc2ccccc12",
];
const known = ["c1ccc2ccccc2c1", "O=C(Oc1ccccc1)c1ccccc1", "N#Cc1ccccc1", "Oc1ccc(C)cc1", "CSc1ccccc1", "O=S(=O)(c1ccccc1)c1ccccc1"];

const gaussians = (name: string) => {
  const s = stream(fold(key(1), name));
  return () => Math.sqrt(-2 * Math.log(1 - s.uniform())) * Math.cos(2 * Math.PI * s.uniform());
};

/** Cross-validated predictions of `n` rows about `centre`, with honest bands. */
export function validated(name: string, { n = 150, centre = 1.55, spread = 0.06, noise = 0.018 } = {}): NumericValidation {
  const normal = gaussians(name);
  const observed = Array.from({ length: n }, () => centre + spread * normal());
  const score = observed.map(() => 0.9 + 0.3 * Math.abs(normal()));
  const mean = observed.map((y, i) => y + noise * normal() * score[i]!);
  const half = 1.645 * noise * 1.15;
  const levels = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
  return {
    kind: "number",
    name,
    learner: "gp(matern)",
    choice: [{ learner: "linear", score: -2.31, standardError: 0.04, seconds: 2, note: "" }, { learner: "gp(matern)", score: -2.48, standardError: 0.05, seconds: 41, note: "simplest within one standard error" }, { learner: "forest", score: Number.NaN, standardError: Number.NaN, seconds: 412, note: "left out: forecast to take 412 s" }],
    budget: 240,
    settings: [{ options: "combine product", rows: 300, score: -2.49, chosen: true }, { options: "", rows: 300, score: -2.47, chosen: false }],
    features: [],
    metrics: { n, r2: 0.902, mae: 0.71 * noise, rmse: noise, coverage: 0.907, width: 2 * half, nll: -2.48, calibrationError: 0.011, ence: 0.07 },
    folds: Array.from({ length: 5 }, (_, i) => ({ n: n / 5, r2: 0.88 + 0.01 * i, mae: 0.7 * noise, rmse: noise * (1 + 0.05 * i), coverage: 0.89 + 0.01 * i, width: 2 * half, nll: -2.5 + 0.02 * i })),
    points: { observed, mean, lower: mean.map((m) => m - half), upper: mean.map((m) => m + half), labels: observed.map((_, i) => (i < known.length ? known[i]! : `C${"C".repeat(i % 30)}O${i}`)) },
    calibration: { levels, observed: levels.map((p) => p + 0.012 * Math.sin(9 * p)) },
    learningCurve: { sizes: [n / 4, n / 2, n], error: [1.7 * noise, 1.3 * noise, noise], spread: [0, 0, 0] },
    applicability: { score, error: observed.map((y, i) => Math.abs(y - mean[i]!)), threshold: 1.7 },
  };
}

export const classified = (levels: readonly string[]): ClassValidation => ({
  kind: "class",
  name: "phase_at_room_temperature",
  learner: "forest",
  choice: [],
  budget: null,
  settings: [],
  features: [],
  metrics: { n: 40 * levels.length, accuracy: 0.87, logLoss: 0.41 },
  folds: [{ n: 40, accuracy: 0.85, logLoss: 0.43 }, { n: 40, accuracy: 0.89, logLoss: 0.39 }],
  levels,
  confusion: levels.map((_, i) => levels.map((__, j) => (i === j ? 35 : Math.abs(i - j) === 1 ? 4 : 0))),
  perClass: levels.map((level, i) => ({ level, precision: i === 1 ? Number.NaN : 0.88, recall: 0.83, support: 40 })),
  learningCurve: { sizes: [30, 60, 120], error: [0.9, 0.6, 0.41], spread: [0, 0, 0] },
});

export const index: ReportProperty = { name: "refractive_index", unit: "1", kind: "number", target: { text: ">= 1.62", low: 1.62, high: Number.POSITIVE_INFINITY } };
export const gap: ReportProperty = { name: "gap", unit: "eV", kind: "number", target: { text: ">= 3 eV", low: 3, high: Number.POSITIVE_INFINITY } };
const drivers = ["ecfp fragments", "mean polarizability of the atoms", "longest conjugated path", "Hückel gap", "heteroatom fraction", "rings"];

const draw = (smiles: string, width: number, height: number) => domain.draw(domain.codec.parse(smiles), { width, height });

/** The best `n` of the structures, with predictions for `properties`. */
export function candidates(n: number, properties: readonly ReportProperty[]): readonly ReportCandidate[] {
  const normal = gaussians("candidates");
  return structures.slice(0, n).map((structure, i) => {
    const nearest = known[i % known.length]!;
    const values = properties.map((p, k) => {
      if (p.kind === "class") return { mean: Number.NaN, sd: Number.NaN, lower: Number.NaN, upper: Number.NaN, label: "glass", share: 0.83 };
      const [centre, sd] = k === 0 ? [1.66, 0.014] : [3.5 + k, 0.22];
      const mean = centre + sd * normal();
      return { mean, sd, lower: mean - 1.645 * sd, upper: mean + 1.645 * sd, calculated: mean + sd * normal() };
    });
    return {
      rank: i + 1, structure, svg: draw(structure, 300, 200), probability: 0.9995 - 0.035 * i, values, inDomain: i % 7 !== 3, reason: i % 7 === 3 ? "farther from the training data than 99 % of them" : "", novel: i % 5 !== 4,
      nearest, nearestSvg: draw(nearest, 180, 120), nearestSimilarity: 0.3 + 0.02 * i, group: i % 2 === 0 ? "aromatic ester" : "",
      drivers: properties.filter((p) => p.kind === "number").map((p) => ({ property: p.name, items: drivers.map((name, j) => ({ name, value: (j % 2 ? -1 : 1) * 0.04 * 0.6 ** j })) })),
      hit: i % 4 !== 3,
    };
  });
}

/** A search of `count` steps that ends in `n` candidates. */
export function searched(n: number, properties: readonly ReportProperty[], count = 12): ReportDesign {
  const normal = gaussians("cloud");
  const at = (i: number) => (i + 1) / count;
  return {
    mode: "heuristic",
    steps: Array.from({ length: count }, (_, i) => ({ beta: at(i) ** 2, ess: 1000 * (0.5 + 0.4 * Math.sin(i)) , acceptance: i === 0 ? Number.NaN : 0.32 - 0.2 * at(i), unique: 0.95 - 0.3 * at(i), invalid: 0.05 + 0.02 * at(i), modes: 9, evaluations: 1000 + 3000 * i, bestLogLikelihood: -0.01, medianLogLikelihood: -3 + 2.9 * at(i), medians: properties.map((p, k) => (p.kind === "class" ? Number.NaN : (k === 0 ? 1.55 : 4.6) + (k === 0 ? 0.1 : -0.9) * at(i) + 0.01 * Math.sin(3 * i))), thresholds: { gap: 3 + at(i) } })),
    proposals: [{ id: "regrow", proposed: 41_220, accepted: 9120, unchanged: 2200, refused: 1320 }, { id: "monomer_exchange", proposed: 20_130, accepted: 2310, unchanged: 0, refused: 810 }],
    reasons: [{ reason: "more than 40 heavy atoms", count: 1210 }, { reason: "contains [N+](=O)[O-]", count: 620 }],
    stopped: "all temperatures done",
    logEvidence: null,
    power: 1,
    particles: 1000,
    candidates: candidates(n, properties),
    cloud: Array.from({ length: n * 20 }, (_, i) => ({ structure: structures[i % structures.length]!, means: properties.map((p, k) => (p.kind === "class" ? Number.NaN : k === 0 ? 1.645 + 0.015 * normal() : 3.5 + k - 1 + 0.3 * normal())), probability: 0.8 })),
    counts: { unique: n * 20, inside: n * 19, novel: n * 16, inDomain: n * 18, expectedHits: n * 14.6 },
    similarity: domain.similarityMeans,
    similarities: Array.from({ length: n * 20 }, () => Math.min(1, Math.max(0.1, 0.5 + 0.14 * normal()))),
    agreement: "Replicate runs agree.",
  };
}

/** The whole story: two properties with targets, 24 candidates, verified. */
export const invertReport = (n = 24, properties: readonly ReportProperty[] = [index, gap], rows = 150): ReportData => ({
  title: "Optical polymers",
  about: "design of refractive_index, gap",
  study: "study: invert\ndomain: molecule\ntarget:\n  refractive_index: \">= 1.62\"\n  gap: \">= 3 eV\"\nseed: 1\n",
  version: "0.1.0",
  seed: 1,
  seconds: 171.3,
  command: "tatara run study.yaml",
  data: { id: "9eaaab9125700b978a1ff1011eb3dbacee07130ff0c6a69e9ce1fec8c2c3a734", table: "optical-polymers", rows: 1642, rejected: 3, merged: 10, features: 2120, split: "cluster" },
  properties,
  validation: properties.map((p, k) => (p.kind === "class" ? classified(["glass", "liquid", "crystal"]) : validated(p.name, k === 0 ? { n: rows } : { n: rows, centre: 4.2 + k, spread: 0.9, noise: 0.25 }))),
  design: searched(n, properties),
  verification: {
    by: "optical-polymer (xtb 6.7.1)",
    baseRate: 0.052,
    arms: [
      { name: "designed: the 50 best novel candidates", calculated: 49, failed: 1, hits: 38, low: 0.633, high: 0.884, expected: 41.2 },
      { name: "baseline: random draws from the prior", calculated: 50, failed: 0, hits: 3, low: 0.012, high: 0.165, expected: 2.9 },
      { name: "baseline: the 50 best of the enumerated library", calculated: 50, failed: 0, hits: 36, low: 0.576, high: 0.841, expected: 39.9 },
    ],
    coverage: [{ property: "refractive_index", inside: 43, of: 49 }, { property: "gap", inside: 41, of: 49 }],
    classes: [{ name: "polyester", hits: 12, of: 14 }, { name: "polyimide", hits: 9, of: 14 }, { name: "vinyl", hits: 17, of: 21 }],
  },
  warnings: ["no known material in the target: gap >= 3 eV, data 1.2 .. 2.9, 1642 values, 0 inside — probabilities there are extrapolated"],
  level: 0.9,
  promise: "Bands hold for rows exchangeable with the validated ones; under a group or cluster split, for rows of new groups. Nothing is promised for designed candidates, which are selected by their predictions.",
});
