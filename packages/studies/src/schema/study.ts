/*
 * The study file as a schema: what a user may write, with defaults and one line of help for each field.
 * Command-line checks, the published JSON Schema and the documentation all come from here.
 */
import { BUDGET } from "@tatara/engine/learn";
import { z } from "zod";

const name = z.string().regex(/^[\p{L}_][\p{L}\p{N}_. ()-]*$/u, "a name starts with a letter and holds letters, digits, _ . - and spaces");

const property = z
  .strictObject({
    column: z.string().min(1).optional().describe("column of the table; the property's own name when left out"),
    unit: z.string().optional().describe('unit of the column, such as eV, "1/K" or "W/m/K"; "1" for pure numbers'),
    kind: z.enum(["number", "class"]).default("number").describe("numbers are regressed, classes classified"),
    scale: z.enum(["linear", "log"]).optional().describe("log: positive values that are learnt by their logarithms, such as conductivities; linear when left out"),
    magnitude: z.boolean().optional().describe("true: the sign of the numbers is left away, for quantities of both signs on a logarithmic scale"),
    formula: z.string().min(1).max(1000).optional().describe('how it follows from other properties, as a product of powers such as "seebeck^2 * conductivity * 300 K / kappa": it is computed from their predictions and not learnt; with a column, the values of that column calibrate it'),
  })
  .describe("one property to learn");

const data = z
  .strictObject({
    table: z.string().min(1).describe("a shipped data set by name, or the path of a CSV file (also .csv.gz, TSV)"),
    structure: z.string().min(1).optional().describe("column that holds the material; the domain's own, such as smiles or formula, when left out"),
    elements: z.string().min(1).optional().describe("path of your own table of elements (CSV) for domains that are made of them; the shipped one when left out"),
    properties: z.record(name, property.prefault({})).refine((p) => Object.keys(p).length > 0, "name at least one property").describe("properties to learn, by name"),
    group: z.string().optional().describe("column, or grouping of the domain such as system, whose equal values are kept in one fold (with split: group)"),
    where: z
      .record(z.string().min(1), z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()])).min(1)]))
      .refine((w) => Object.keys(w).length > 0, "name at least one column")
      .optional()
      .describe('rows that the study is about, by columns: { temperature: "280 .. 320 K", Tc: "> 0", phase: [alpha, beta] }; the others are left out and counted'),
    weight: z.string().optional().describe("column of non-negative row weights"),
    encoding: z.string().optional().describe("text encoding; detected when left out"),
    separator: z.string().min(1).max(3).optional().describe("cell separator; detected when left out"),
  })
  .describe("where the measurements are");

const learn = z
  .strictObject({
    model: z.string().default("auto").describe("a learner by name, or auto: the simplest within one standard error of the best in cross-validation"),
    split: z.enum(["random", "group", "scaffold", "cluster"]).default("cluster").describe("how rows are divided for validation and calibration"),
    splits: z
      .array(z.enum(["random", "group", "scaffold", "cluster", "element", "sorted"]))
      .optional()
      .describe("other ways to hold rows out, scored beside the split with the learner that was chosen: element leaves out all materials with one element, sorted the highest and the lowest fifth of the values; [] for none; those that take a minute or less when left out"),
    folds: z.int().min(2).max(20).default(5).describe("number of cross-validation folds"),
    options: z.record(z.string(), z.unknown()).default({}).describe("options of the learner, such as trees"),
    intervals: z
      .strictObject({
        method: z.enum(["split", "cv+"]).default("cv+").describe("split: one fold is held out, the level is kept exactly; cv+: all rows are used, near the level, proven for less"),
        score: z.enum(["absolute", "normalised"]).default("normalised").describe("normalised: wider where the model is in doubt; absolute: the same width everywhere"),
        by: z.string().min(1).optional().describe("promise in every group by itself: a grouping of the domain, such as class or system, or the column of data.group"),
      })
      .optional()
      .describe("conformal intervals and sets of classes beside the predictive distribution, in validation, report and `predict`; their coverage needs nothing but exchangeable rows"),
    budget: z.number().positive().max(1e7).default(BUDGET).describe("forecast seconds of one processor core that auto may spend on trying learners, all properties together; those that do not fit in it are left out and told"),
    tune: z
      .strictObject({ seconds: z.number().positive().max(1e7).default(300).describe("forecast seconds of one processor core that the search may take in all, shared by properties and folds") })
      .optional()
      .describe("search the options of the named learner on inner folds, by successive halving; auto tunes its best learner with what is left of its budget"),
    select: z
      .strictObject({ features: z.int().min(1).max(100_000).default(100).describe("most features to keep") })
      .optional()
      .describe("learn from those features only that have to do with the property and do not repeat each other, chosen in every fold anew"),
    coverage: z.number().gt(0.5).lt(0.999).default(0.9).describe("share of new rows that the printed bands should hold"),
  })
  .describe("how structure is mapped to properties");

const constraints = z.record(z.string(), z.unknown()).describe("hard conditions that the domain offers, by name");

const generate = z
  .strictObject({
    prior: z.string().optional().describe("what is plausible before any property is asked for; the domain's first when left out"),
    corpus: z
      .strictObject({ table: z.string().min(1), structure: z.string().min(1).optional(), encoding: z.string().optional(), separator: z.string().optional() })
      .optional()
      .describe("another table of real materials for the prior; the study's own table when left out"),
    prior_options: z.record(z.string(), z.unknown()).default({}).describe("options of the prior, such as order"),
    mode: z.enum(["heuristic", "exact"]).default("heuristic").describe("exact: only moves whose ratio is known, with an evidence estimate; heuristic: all moves, a search guided by the same likelihood"),
    proposals: z.record(z.string(), z.number().positive()).optional().describe("moves by name with their weights; the domain's own mixture when left out"),
    particles: z.int().min(10).max(100_000).default(1000).describe("size of the population"),
    moves: z.int().min(1).max(1000).default(3).describe("moves of every particle at each temperature"),
    ess: z.number().gt(0.05).lt(0.99).default(0.5).describe("conditional effective sample size, as a share of the particles, at which the next temperature is set"),
    power: z.number().min(1).max(100).optional().describe("power of the likelihood in the last population: 1, the default in exact mode, is the posterior; larger ones, 8 in heuristic mode, keep to materials that are nearly sure to meet the target; it does not apply to what is maximised or minimised"),
    steps: z.int().min(1).max(10_000).optional().describe("temperatures at most; as many as are needed when left out"),
    polish: z.int().min(0).max(1000).default(2).describe("rounds of moves after the last temperature"),
    evaluations: z.int().min(100).max(100_000_000).default(40_000).describe("budget of unique materials that are described and predicted"),
    replicates: z.int().min(1).max(20).default(1).describe("independent runs whose agreement is reported"),
  })
  .describe("how candidates are sampled");

const verify = z
  .strictObject({
    calculator: z.string().optional().describe("calculator by name; the one that made the data when left out"),
    top: z.int().min(1).max(10_000).default(50).describe("number of best novel candidates to recompute"),
    baselines: z.boolean().default(true).describe("also recompute random draws from the prior and the enumerated library"),
  })
  .describe("how candidates are verified by calculation with --verify");

const transfer = z
  .strictObject({
    sources: z.record(name, z.string().min(1)).refine((s) => Object.keys(s).length > 0, "name at least one source").optional().describe("finished models by the names that they are to have, such as { simulated: runs/md/model.json }: what each tells of a material stands beside its descriptors, in a block source:<name>"),
    library: z.union([z.literal("all"), z.array(z.string().min(1)).min(1)]).optional().describe("networks of the library (tatara library list) by name, or all that know this kind of material"),
    as: z.enum(["predictions", "layers"]).optional().describe("what sources tell: their predictions, or the hidden layers of their networks; layers with learn.model: shotgun, predictions otherwise"),
  })
  .refine(({ sources, library }) => sources !== undefined || library !== undefined, "name finished models in sources, or networks of the library")
  .describe("models of plentiful data that a property with few rows learns from; without learn.model, ways to use them are compared with none, and it is said when they do not help");

const common = {
  name: z.string().regex(/^[\p{L}\p{N}_.-]+$/u, "letters, digits, _ . and - only").optional().describe("used for the run directory; the file's name when left out"),
  domain: z.string().describe("kind of material"),
  data,
  represent: z.array(z.string()).min(1).optional().describe("descriptors by name, joined; the domain's own choice when left out"),
  learn: learn.prefault({}),
  transfer: transfer.optional(),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(1).describe("seed of every random choice"),
  workers: z.int().min(1).max(256).optional().describe("worker threads; results do not depend on it"),
};

export const fitStudy = z.strictObject({ study: z.literal("fit"), ...common }).describe("train and validate a model");

export const invertStudy = z
  .strictObject({
    study: z.literal("invert"),
    ...common,
    target: z.record(name, z.union([z.string(), z.number()])).refine((t) => Object.keys(t).length > 0, "name at least one property").describe('wanted values, such as ">= 1.62" or "4.0 .. 6.0 eV"'),
    constraints: constraints.default({}),
    generate: generate.prefault({}),
    verify: verify.prefault({}),
  })
  .describe("train a model, then sample materials that should have the wanted properties");

const percent = z.union([z.string().min(1), z.number()]);
const element = z.string().min(1);

const screen = z
  .strictObject({
    systems: z
      .strictObject({
        each: z.array(z.array(element).min(1)).min(2).max(6).optional().describe("lists of elements: every system takes one of each list, such as [[Al], [Fe, Co, Ni], [Si, Mg]]"),
        choose: z.int().min(2).max(6).optional().describe("how many elements of `of` make a system; every choice is one"),
        of: z.array(element).min(2).optional().describe("elements to choose from"),
        list: z.array(z.string().min(1)).min(1).optional().describe("systems by name, such as [Al-Cu-Fe, Al-Ni-Co]"),
      })
      .describe("which systems: each, or choose with of, or list"),
    slice: z.record(element, percent).default({}).describe('elements with a fixed share in every system, such as { Al: "60 at.%" }: a slice through a quaternary'),
    coarse: percent.default("5 at.%").describe("step of the grid that every system is asked on"),
    fine: percent.default("1 at.%").describe("step of the grid around what was found, and along the boundaries"),
    refine: z.number().gt(0).max(1).default(0.2).describe("probability of the target from which on a point is refined"),
    least: percent.default("2 at.%").describe("least share of every varying element in what counts for its system: edges belong to the smaller system"),
    alloys: z.int().min(0).max(1000).default(10).describe("materials to try next, chosen to differ"),
    phases: z.string().min(1).default("known-phases").describe("phases from the literature to mark on the maps: known-phases are shipped; or your own table with the columns formula, name, kind, structure, source; or none"),
  })
  .describe("which systems are gone over, and how finely");

export const screenStudy = z
  .strictObject({
    study: z.literal("screen"),
    ...common,
    data: data.optional().describe("where the measurements are; with a finished model, those of its own run when left out"),
    model: z.string().min(1).optional().describe("model.json of a finished run; learnt from the data when left out"),
    target: z.record(name, z.union([z.string(), z.number()])).refine((t) => Object.keys(t).length > 0, "name at least one property").describe('what is looked for: a class, several with "QC | AC", or bounds such as ">= 30 K"'),
    screen,
    constraints: constraints.default({}),
  })
  .describe("go over whole systems of elements with a model, and say where to look");

const rules = z
  .strictObject({
    features: z.array(z.string()).min(1).optional().describe("descriptors whose features a rule may speak of; those of the domain that read well when left out"),
    without: z.array(z.string().min(1)).optional().describe('patterns of features that no rule speaks of, such as "*price*"; the domain\'s own when left out'),
    of: z.enum(["data", "model"]).default("data").describe("what the rules are to tell apart: what was measured, or what the model says"),
    neither: z.string().min(1).optional().describe("classes of the target's property whose rows count neither as positives nor as negatives"),
    most: z.int().min(1).max(10).default(5).describe("most conditions of a rule"),
    price: z.number().positive().max(1000).default(3).describe("points of recall given for one point of false-positive rate"),
    recall: z.number().gt(0).max(1).optional().describe("instead of a price: the recall to expect, with as few negatives let through as can be"),
    correlated: z.number().gt(0.5).max(1).default(0.95).describe("rank correlation from which on two features stand for one another"),
    alternatives: z.int().min(0).max(20).default(3).describe("rules shown beside the best"),
    bootstraps: z.int().min(0).max(1000).default(50).describe("times that rules are mined again from other groups of rows, to see which conditions return"),
    tree: z.int().min(0).max(3).default(3).describe("depth of the optimal tree; 0 for none"),
    rule_fit: z.int().min(0).max(1000).default(80).describe("trees that RuleFit takes its rules from; 0 for none"),
    relations: z
      .strictObject({
        samples: z.int().min(0).max(100_000).default(1000).describe("materials sampled from the model's posterior; 0 for none"),
        evaluations: z.int().min(100).max(100_000_000).default(40_000).describe("budget of different materials that are described and predicted"),
        features: z.int().min(1).max(4).default(2).describe("most features of a sum or product"),
        most: z.int().min(1).max(50).default(6).describe("most relations of each kind"),
        narrowing: z.number().gt(1).max(1000).default(3).describe("least factor by which a relation is narrower than before the target was asked for"),
        power: z.number().min(1).max(100).default(4).describe("power of the likelihood: 1 is the posterior itself, in which many doubtful materials outweigh few likely ones; larger ones keep to what the model is surer of"),
        prior: z.string().optional().describe("what is plausible before the target is asked for; the domain's first when left out"),
      })
      .prefault({})
      .describe("the inverse route: narrow sums and products of features in what the model takes for hits"),
    drawn: z.int().min(0).max(24).default(6).describe("ternary systems drawn with the rules, those with most positives"),
  })
  .describe("what rules may look like");

export const rulesStudy = z
  .strictObject({
    study: z.literal("rules"),
    ...common,
    data: data.optional().describe("where the measurements are; with a finished model, those of its own run when left out"),
    model: z.string().min(1).optional().describe("model.json of a finished run; learnt from the data when left out"),
    target: z.record(name, z.union([z.string(), z.number()])).refine((t) => Object.keys(t).length > 0, "name at least one property").describe('what the rules are to tell: a class, several with "QC | AC", or bounds such as ">= 40 K"'),
    rules: rules.prefault({}),
    constraints: constraints.default({}).describe("hard conditions on the materials that are sampled"),
  })
  .describe("explain a model or data by a few conditions that a reader can check");

const way = z.union([z.string().min(1), z.strictObject({ model: z.string().min(1), options: z.record(z.string(), z.unknown()).default({}) })]);

const curves = z
  .strictObject({
    sizes: z
      .array(z.int().min(4).max(1_000_000))
      .min(1)
      .max(20)
      .refine((sizes) => sizes.every((n, i) => i === 0 || n > sizes[i - 1]!), "ascending numbers of rows")
      .default([10, 20, 50, 100, 200])
      .describe("numbers of training rows, ascending"),
    repeats: z.int().min(1).max(1000).default(10).describe("times that rows are held out and drawn anew"),
    without: z.array(way).min(1).optional().describe("learners that do not see the sources, by name or as { model, options }; when left out kernel-ridge and forest, or forest and boosting where there are classes"),
    with: z.array(way).min(1).optional().describe("learners that see them; transfer, which chooses by cross-validation, when left out"),
    until: z.record(name, z.number().positive()).optional().describe("wanted root mean squared errors by property, in its unit (of the natural logarithm with scale: log; the log loss of classes): how many rows would it take?"),
  })
  .describe("what is compared, and at which sizes");

export const curvesStudy = z
  .strictObject({ study: z.literal("curves"), ...common, curves: curves.prefault({}) })
  .describe("train a model, and measure how its error falls with the number of rows, with transfer and without");

/** Each kind of study with its schema; a new kind is one more line. */
export const studySchemas = { fit: fitStudy, invert: invertStudy, screen: screenStudy, rules: rulesStudy, curves: curvesStudy } as const;

export type FitStudy = z.infer<typeof fitStudy>;
export type InvertStudy = z.infer<typeof invertStudy>;
type Screening = z.infer<typeof screenStudy>;
/** With its data, which a finished model may have lent. */
export type ScreenStudy = Omit<Screening, "data"> & { readonly data: NonNullable<Screening["data"]> };
type Ruling = z.infer<typeof rulesStudy>;
export type RulesStudy = Omit<Ruling, "data"> & { readonly data: NonNullable<Ruling["data"]> };
export type CurvesStudy = z.infer<typeof curvesStudy>;
export type Study = FitStudy | InvertStudy | ScreenStudy | RulesStudy | CurvesStudy;

/** The published JSON Schema of study files (draft 2020-12), of what a user writes. */
export const studyJsonSchema = (): object => ({
  ...z.toJSONSchema(z.union(Object.values(studySchemas)), { io: "input" }),
  $id: "tatara-study.schema.json",
  title: "A Tatara study",
});
