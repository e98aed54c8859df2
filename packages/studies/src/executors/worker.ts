/*
 * A domain worker: builds its domain once, then runs operations over chunks of items. Every operation is a
 * pure function of its items, so chunking and the number of workers change nothing.
 */
import { move, workerData } from "piscina";
import { fold, InputError, lookUp, type Key } from "@tatara/engine/base";
import { chooseDescriptors, describeTexts, evaluateState, proposeOne, refusalsOf, type Descriptor, type Domain } from "@tatara/engine/generate";
import { openDomain } from "../catalogue/domains.ts";
import { buildGenerator, type Generator } from "./generator.ts";
import type { CrewSetup, Job, Nearest, ReadMaterial, Refused } from "./protocol.ts";

interface Bench {
  readonly domain: Domain<unknown, unknown>;
  readonly descriptors: readonly Descriptor<unknown>[];
  readonly generator: () => Generator;
}

let bench: Promise<Bench> | undefined;

async function build({ descriptors, generator, ...setup }: CrewSetup): Promise<Bench> {
  const domain = (await openDomain(setup)) as Domain<unknown, unknown>;
  let built: Generator | undefined;
  return {
    domain,
    descriptors: chooseDescriptors(domain, descriptors),
    generator: () => {
      if (!generator) throw new InputError("no generator: this crew only reads and describes — set one up", { path: "generate" });
      return (built ??= buildGenerator(domain, generator));
    },
  };
}

/** Operations by name; `items` is one chunk. */
const operations: Readonly<Record<string, (bench: Bench, items: readonly never[], extra: never) => unknown>> = {
  read: (bench, texts: readonly string[]) => texts.map((text) => readMaterial(bench, text)),
  describe: ({ domain, descriptors }, texts: readonly string[]) => {
    const { data } = describeTexts(domain, descriptors, texts);
    return move(data);
  },
  sample: ({ generator }, indices: readonly number[], key: Key) => indices.map((i) => generator().prior.sample(fold(key, i))),
  propose: ({ generator }, items: readonly (readonly [number, unknown])[], key: Key) => items.map(([i, from]) => proposeOne(generator().moves, generator().prior, fold(key, i), from)),
  logDensity: ({ generator }, states: readonly unknown[]) => states.map((state) => generator().prior.logDensity(state)),
  evaluate: ({ domain, descriptors, generator }, states: readonly unknown[]) => {
    const conditions = [...generator().constraints, ...refusalsOf(descriptors)];
    return states.map((state) => evaluateState(domain, conditions, state));
  },
  lift: ({ domain }, texts: readonly string[]) => texts.map((text) => domain.lift(domain.codec.parse(text))),
  group: ({ domain }, texts: readonly string[], name: string) => texts.map((text) => lookUp("grouping", name, domain.groups, "learn.split")(domain.codec.parse(text))),
  nearest: ({ domain }, reference: readonly string[], queries: readonly string[]) => nearest(domain, reference, queries),
  warm: ({ generator }) => [generator().prior.id],
};

/** A material that the descriptors can describe, or why there is none. */
function readMaterial({ domain, descriptors }: Bench, text: string): ReadMaterial {
  try {
    const material = domain.codec.parse(text);
    for (const refuses of refusalsOf(descriptors)) {
      const reason = refuses(material);
      if (reason !== undefined) return { key: null, text: null, reason };
    }
    return { key: domain.codec.key(material), text: domain.codec.format(material), reason: "" };
  } catch (error) {
    if (error instanceof InputError) return { key: null, text: null, reason: error.message };
    throw error;
  }
}

const parsed = new Map<string, unknown>();

/** The materials asked about are compared with every chunk of the reference: parse each once per worker. */
function parseOnce(domain: Domain<unknown, unknown>, text: string): unknown {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const material = domain.codec.parse(text);
  parsed.set(text, material);
  return material;
}

/** For each query its most similar reference material of this chunk. */
function nearest(domain: Domain<unknown, unknown>, reference: readonly string[], texts: readonly string[]): Nearest {
  const queries = texts.map((text) => parseOnce(domain, text));
  const index = new Int32Array(texts.length).fill(-1);
  const similarity = new Float64Array(texts.length).fill(-1);
  for (const [r, text] of reference.entries()) {
    const known = domain.codec.parse(text);
    queries.forEach((query, q) => {
      const s = domain.similarity(query, known);
      if (s > similarity[q]!) {
        similarity[q] = s;
        index[q] = r;
      }
    });
  }
  return { index, similarity };
}

/** The entry point that piscina calls. A toolkit that trapped is built anew for the next job. */
export default async function run({ op, items, extra }: Job): Promise<unknown> {
  bench ??= build(workerData as CrewSetup);
  try {
    return operations[op]!(await bench, items as readonly never[], extra as never);
  } catch (error) {
    // Classes do not survive the way between threads: the crew throws it again.
    if (error instanceof InputError) return { refused: { message: error.message, path: error.path } } satisfies Refused;
    bench = undefined;
    parsed.clear();
    throw error;
  }
}
