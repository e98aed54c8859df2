/*
 * The card of a model in a library: what it predicts, from what, learnt on which data, how well, and on which terms. A card stands
 * beside its `model.onnx` as `card.json` and holds all that a study needs to use the network as a source.
 */
import { z } from "zod";
import { InputError } from "@tatara/engine/base";

const score = z.number().nullable();

const cardSchema = z.strictObject({
  format: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, "small letters, digits, . and - only"),
  about: z.string().default(""),
  domain: z.string(),
  /** Column that held the materials. */
  structure: z.string(),
  /** The user's own table of elements, where the descriptors rest on one. */
  elements: z.string().optional(),
  /** Descriptors by name, and the toolkits that computed them. */
  represent: z.array(z.string()).min(1),
  versions: z.record(z.string(), z.string()),
  properties: z
    .array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(["number", "class"]),
        unit: z.string().optional(),
        /** The network predicts its natural logarithm. */
        scale: z.literal("log").optional(),
        /** Rows that were predicted out of fold, and how well. */
        rows: z.int(),
        split: z.string(),
        r2: score.optional(),
        mae: score.optional(),
        rmse: score.optional(),
        coverage: score.optional(),
        accuracy: score.optional(),
        /** Share of the commonest class. */
        commonest: score.optional(),
        logLoss: score.optional(),
      }),
    )
    .min(1),
  network: z.strictObject({ kind: z.string(), learner: z.string(), inputs: z.int(), hidden: z.array(z.number()), members: z.int() }),
  data: z.strictObject({ table: z.string(), id: z.string(), rows: z.int(), about: z.string().default(""), licence: z.string().default("not stated"), citation: z.string().default("") }),
  licence: z.string().default("not stated"),
  made: z.strictObject({ tatara: z.string(), seed: z.int(), script: z.string().default("") }),
  /** Hashes of the materials that it learnt from, in seen.bin: a study is told when a source knows its materials already. */
  seen: z.strictObject({ materials: z.int(), sha256: z.string() }).optional(),
  /** Of model.onnx. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type Card = z.infer<typeof cardSchema>;

/** Read a card. Throws InputError with the fields that are wrong. */
export function readCard(text: string, path: string): Card {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`damaged card: ${path} — ${(cause as Error).message}`, { path: "library", value: path, cause });
  }
  const result = cardSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path: at, message }) => `${at.join(".") || "the whole"}: ${message}`);
  throw new InputError(`no card of a model: ${path} — ${problems.slice(0, 3).join("; ")}`, { path: "library", value: path });
}

/** The text of a card, its fields in one order. */
export const cardText = (card: Card): string => `${JSON.stringify(cardSchema.parse(card), null, 2)}\n`;

/** A name from any words: small letters, digits, points and hyphens. */
export const nameFrom = (words: string): string => words.toLowerCase().replaceAll(/[^a-z0-9.]+/g, "-").replaceAll(/^[-.]+|[-.]+$/g, "") || "model";

const three = (value: number | null | undefined): string => (value === null || value === undefined ? "—" : String(Number(value.toPrecision(3))));
const unitOf = (unit: string | undefined): string => (unit === undefined || unit === "1" ? "" : ` ${unit}`);

/** What a model predicts, in a few words. */
export const predictsOf = ({ properties }: Card): string => properties.map(({ name, unit, scale, kind }) => `${scale === "log" ? "log " : ""}${name}${kind === "class" ? " (class)" : unit === undefined || unit === "1" ? "" : ` [${unit}]`}`).join(", ");

/** Its main figure: R², or accuracy. */
export const figureOf = ({ properties }: Card): string => properties.map(({ r2, accuracy, kind }) => (kind === "class" ? `${three(accuracy)} right` : three(r2))).join(", ");

/** The whole card, for a reader. */
export function cardLines(card: Card): readonly string[] {
  const { name, about, domain, represent, versions, properties, network, data, licence, made, sha256 } = card;
  return [
    `${name}${about === "" ? "" : `: ${about}`}`,
    `predicts    ${properties.map((p) => (p.kind === "class" ? `${p.name}: accuracy ${three(p.accuracy)}${p.commonest === undefined ? "" : ` (the commonest class alone: ${three(p.commonest)})`}, log loss ${three(p.logLoss)}` : `${p.scale === "log" ? "logarithm of " : ""}${p.name}: R² ${three(p.r2)}, MAE ${three(p.mae)}${unitOf(p.unit)}, 90 % band holds ${three(100 * (p.coverage ?? Number.NaN))} %`) + ` (${p.rows} rows out of fold, split ${p.split})`).join("; ")}`,
    `from        domain ${domain}, descriptors ${represent.join(" + ")}, ${network.inputs} features (${Object.entries(versions).map(([tool, version]) => `${tool} ${version}`).join(", ")})`,
    `network     ${network.kind}, hidden layers ${network.hidden.join(" - ")}, members ${network.members}; ${network.learner}`,
    `data        ${data.about === "" ? data.table : data.about}; ${data.rows} materials; licence: ${data.licence}${data.citation === "" ? "" : `; ${data.citation}`}`,
    `model       licence: ${licence}; made by tatara ${made.tatara}, seed ${made.seed}${made.script === "" ? "" : `, ${made.script}`}`,
    `model.onnx  sha256 ${sha256}`,
  ];
}
