/*
 * A domain worker: builds its domain once, then runs operations over chunks of items. Every operation is a
 * pure function of its items, so chunking and the number of workers change nothing.
 */
import { move, workerData } from "piscina";
import { fold, InputError, lookUp, type Key } from "@tatara/engine/base";
import { chooseDescriptors, describeTexts, evaluateState, mixture, proposeOne, type Constraint, type Descriptor, type Domain, type Mixture, type Prior } from "@tatara/engine/generate";
import { openDomain } from "../catalogue/domains.ts";
import type { CrewSetup, GeneratorSetup, Job, Nearest, ReadMaterial, Refused } from "./protocol.ts";

interface Generator {
  readonly prior: Prior<unknown>;
  readonly moves: Mixture<unknown>;
  readonly constraints: readonly Constraint<unknown>[];
}

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
    generator: () => (built ??= buildGenerator(domain, generator)),
  };
}

function buildGenerator(domain: Domain<unknown, unknown>, setup: GeneratorSetup | undefined): Generator {
  if (!setup) throw new InputError("no generator: this crew only reads and describes — set one up", { path: "generate" });
  const corpus = setup.corpus.map((text) => domain.codec.parse(text));
  const recipe = lookUp("prior", setup.prior, domain.priors, "generate.prior");
  const prior = recipe.fit(corpus, recipe.options.parse(setup.priorOptions), setup.key);
  const moves = mixture(
    Object.entries(setup.proposals).map(([name, weight]) => {
      const proposal = lookUp("proposal", name, domain.proposals, "generate.proposals");
      return { proposal: proposal.make(prior, corpus, proposal.options.parse({})), weight };
    }),
  );
  const constraints = Object.entries(setup.constraints).map(([name, value]) => lookUp("constraint", name, domain.constraints, "constraints").make(value));
  return { prior, moves, constraints };
}

/** Operations by name; `items` is one chunk. */
const operations: Readonly<Record<string, (bench: Bench, items: readonly never[], extra: never) => unknown>> = {
  read: ({ domain }, texts: readonly string[]) => texts.map((text) => readMaterial(domain, text)),
  describe: ({ domain, descriptors }, texts: readonly string[]) => {
    const { data } = describeTexts(domain, descriptors, texts);
    return move(data);
  },
  sample: ({ generator }, indices: readonly number[], key: Key) => indices.map((i) => generator().prior.sample(fold(key, i))),
  propose: ({ generator }, items: readonly (readonly [number, unknown])[], key: Key) => items.map(([i, from]) => proposeOne(generator().moves, generator().prior, fold(key, i), from)),
  logDensity: ({ generator }, states: readonly unknown[]) => states.map((state) => generator().prior.logDensity(state)),
  evaluate: ({ domain, generator }, states: readonly unknown[]) => states.map((state) => evaluateState(domain, generator().constraints, state)),
  lift: ({ domain }, texts: readonly string[]) => texts.map((text) => domain.lift(domain.codec.parse(text))),
  group: ({ domain }, texts: readonly string[], name: string) => texts.map((text) => lookUp("grouping", name, domain.groups, "learn.split")(domain.codec.parse(text))),
  nearest: ({ domain }, texts: readonly string[], reference: readonly string[]) => nearest(domain, texts, reference),
  warm: ({ generator }) => [generator().prior.id],
};

function readMaterial(domain: Domain<unknown, unknown>, text: string): ReadMaterial {
  try {
    const material = domain.codec.parse(text);
    return { key: domain.codec.key(material), text: domain.codec.format(material), reason: "" };
  } catch (error) {
    if (error instanceof InputError) return { key: null, text: null, reason: error.message };
    throw error;
  }
}

const parsed = new Map<string, unknown>();

/** Reference materials are compared with every chunk: parse each once per worker. */
function parseOnce(domain: Domain<unknown, unknown>, text: string): unknown {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const material = domain.codec.parse(text);
  parsed.set(text, material);
  return material;
}

function nearest(domain: Domain<unknown, unknown>, texts: readonly string[], reference: readonly string[]): Nearest {
  const queries = texts.map((text) => domain.codec.parse(text));
  const index = new Int32Array(texts.length).fill(-1);
  const similarity = new Float64Array(texts.length).fill(-1);
  for (const [r, text] of reference.entries()) {
    const known = parseOnce(domain, text);
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
