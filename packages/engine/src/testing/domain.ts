/*
 * What every kind of material promises the engine.
 */
import { InputError } from "../base/errors.ts";
import { fold } from "../base/key.ts";
import type { Key } from "../base/key.ts";
import { evaluateState } from "../generate/evaluate.ts";
import type { Descriptor, Domain, Prior, Proposal } from "../generate/types.ts";
import { ensureBalance } from "./balance.ts";
import { ensure, text, thrownBy, withGaps } from "./claims.ts";
import type { Claim, Gap } from "./types.ts";

/** A constraint with a value that one material meets and another breaks. */
export interface ConstraintCase {
  readonly name: string;
  readonly value: unknown;
  /** Texts of materials. */
  readonly keeps: string;
  readonly refuses: string;
  /** A value that the constraint must refuse to be built from. */
  readonly illegal?: unknown;
}

export interface DomainCheck<S, T> {
  readonly key: Key;
  /** Texts of sound materials, as various as possible. */
  readonly texts: readonly string[];
  /** Texts that are no material, beside the kit's own nonsense. */
  readonly nonsense?: readonly string[];
  /** Another writing of the same material: other order, cut, direction. */
  readonly rewrite: (key: Key, s: S) => S;
  readonly prior: Prior<T>;
  readonly proposals: readonly Proposal<T>[];
  readonly constraints?: readonly ConstraintCase[];
  /** Least share of prior draws without faults. Default 1. */
  readonly soundDraws?: number;
  /** Least share of proposals from sound states that are sound. Default 1. */
  readonly soundProposals?: number;
  /** Draws for statistical claims. Default 400. */
  readonly draws?: number;
  readonly skip?: readonly Gap[];
}

/** Claims about a domain with one fitted prior and its proposals. */
export function checkDomain<S, T>(domain: Domain<S, T>, options: DomainCheck<S, T>): readonly Claim[] {
  return withGaps([...codecClaims(domain, options), ...descriptorClaims(domain, options), ...samplingClaims(domain, options), ...choiceClaims(domain, options), ...mixingClaims(domain, options)], options.skip ?? []);
}

const NONSENSE = ["", " ", "\u0000", "☃", "((((((((", "\n", "null", "x".repeat(3000)];
const REWRITES = 5;

function codecClaims<S, T>({ codec, lift, project, faults }: Domain<S, T>, { key, texts, rewrite, nonsense = [] }: DomainCheck<S, T>): Claim[] {
  return [
    {
      name: "parse after format is the identity",
      check: () =>
        texts.forEach((line) => {
          const s = codec.parse(line);
          const canonical = codec.format(s);
          ensure(codec.key(codec.parse(canonical)) === codec.key(s), () => `"${line}" is written "${canonical}", which is another material`);
          ensure(codec.format(codec.parse(canonical)) === canonical, () => `canonical text of "${line}" is not final: "${canonical}" becomes "${codec.format(codec.parse(canonical))}"`);
        }),
    },
    {
      name: "the key does not depend on the writing",
      check: () =>
        texts.forEach((line, i) => {
          const s = codec.parse(line);
          for (let r = 0; r < REWRITES; r++) {
            const other = rewrite(fold(fold(key, i), r), s);
            ensure(codec.key(other) === codec.key(s), () => `"${line}" and its rewriting ${text(other)} have different keys`);
            ensure(codec.format(other) === codec.format(s), () => `"${line}" and its rewriting ${text(other)} have different canonical texts`);
          }
        }),
    },
    {
      name: "different materials have different keys",
      check() {
        const keys = new Set(texts.map((line) => codec.key(codec.parse(line))));
        ensure(keys.size > 1, () => `all ${texts.length} texts have one key`);
      },
    },
    {
      name: "nonsense is refused with an InputError",
      async check() {
        for (const line of [...NONSENSE, ...nonsense]) {
          const error = await thrownBy(() => codec.parse(line), () => `${JSON.stringify(line.slice(0, 40))} was read as a material`);
          ensure(error instanceof InputError, () => `${JSON.stringify(line.slice(0, 40))} threw ${String(error)}`);
        }
      },
    },
    {
      name: "the given materials have no faults",
      check: () => texts.forEach((line) => ensure(faults(codec.parse(line)).length === 0, () => `"${line}": ${faults(codec.parse(line)).join("; ")}`)),
    },
    {
      name: "projecting what was lifted gives the material back",
      check: () =>
        texts.forEach((line) => {
          const s = codec.parse(line);
          const state = lift(s);
          ensure(text(JSON.parse(JSON.stringify(state))) === text(state), () => `the state of "${line}" is not plain data`);
          ensure(codec.key(project(state)) === codec.key(s), () => `"${line}" is lifted to ${text(state)}, which is another material`);
        }),
    },
  ];
}

/** One row written into a buffer with guards on both sides and a given filling. */
function written<S>(descriptor: Descriptor<S>, s: S, filling: number): Float64Array {
  const d = descriptor.features.length;
  const buffer = new Float64Array(d + 2).fill(filling);
  descriptor.write(s, buffer.subarray(1, d + 1));
  ensure(buffer[0] === filling && buffer[d + 1] === filling, () => `descriptor ${descriptor.id} writes outside its row`);
  return buffer.subarray(1, d + 1);
}

const sameBits = (a: Float64Array, b: Float64Array) => a.every((v, i) => Object.is(v, b[i]));

function descriptorClaims<S, T>({ codec, descriptors, defaultDescriptors }: Domain<S, T>, { key, texts, rewrite }: DomainCheck<S, T>): Claim[] {
  const claims = Object.entries(descriptors).map(([name, descriptor]): Claim => ({
    name: `descriptor ${name} is pure, finite or NaN, and equal for equal keys`,
    check() {
      const names = new Set(descriptor.features.map((f) => f.name));
      ensure(names.size === descriptor.features.length, () => `descriptor ${name} has two features of one name`);
      texts.forEach((line, i) => {
        const s = codec.parse(line);
        const row = written(descriptor, s, 123.25);
        ensure(sameBits(row, written(descriptor, s, -7.5)), () => `descriptor ${name} of "${line}" depends on what was in the row before`);
        const infinite = row.findIndex((v) => !Number.isFinite(v) && !Number.isNaN(v));
        ensure(infinite < 0, () => `feature ${descriptor.features[infinite]!.name} of "${line}" is infinite`);
        for (let r = 0; r < REWRITES; r++) ensure(sameBits(row, written(descriptor, rewrite(fold(fold(key, i), r), s), 0)), () => `descriptor ${name} of "${line}" depends on how it was written`);
        ensure(sameBits(row, written(descriptor, codec.parse(codec.format(s)), 0)), () => `descriptor ${name} of "${line}" differs for its canonical text`);
      });
    },
  }));
  const known: Claim = {
    name: "default descriptors exist",
    check: () => defaultDescriptors.forEach((name) => ensure(Object.hasOwn(descriptors, name), () => `default descriptor "${name}" is not in the catalogue`)),
  };
  return [...claims, known];
}

function samplingClaims<S, T>(domain: Domain<S, T>, { key, prior, proposals, soundDraws = 1, soundProposals = 1, draws = 400 }: DomainCheck<S, T>): Claim[] {
  const sound = (state: T) => evaluateState(domain, [], state).key !== null;
  const drawn = (purpose: string) => Array.from({ length: draws }, (_, i) => prior.sample(fold(fold(key, purpose), i)));
  const priorClaim: Claim = {
    name: "prior draws are sound, repeatable, and have a density",
    check() {
      const states = drawn("prior");
      ensure(states.every((s, i) => text(prior.sample(fold(fold(key, "prior"), i))) === text(s)), () => "one key gave two draws");
      const odd = states.find((s) => !Number.isFinite(prior.logDensity(s)));
      ensure(odd === undefined, () => `the prior drew ${text(odd)}, whose log density is ${prior.logDensity(odd!)}`);
      const share = states.filter(sound).length / draws;
      ensure(share >= soundDraws, () => `only ${share} of the prior's draws are sound, e.g. ${text(states.find((s) => !sound(s)))}`);
    },
  };
  const each = proposals.flatMap((proposal): Claim[] => [
    {
      name: `proposal ${proposal.id} is repeatable, leaves its input alone and keeps soundness`,
      check() {
        const states = drawn(`proposal ${proposal.id}`).filter(sound);
        const moved = states.map((from, i) => {
          const before = text(from);
          const { to } = proposal.propose(fold(key, i), from);
          ensure(text(from) === before, () => `proposal ${proposal.id} changed its input ${before}`);
          ensure(text(proposal.propose(fold(key, i), from).to) === text(to), () => `proposal ${proposal.id} gave two answers for one key from ${before}`);
          return to;
        });
        ensure(moved.some((to, i) => text(to) !== text(states[i])), () => `proposal ${proposal.id} changed none of ${states.length} states`);
        const share = moved.filter(sound).length / moved.length;
        ensure(share >= soundProposals, () => `only ${share} of proposals by ${proposal.id} are sound, e.g. ${text(moved.find((s) => !sound(s)))}`);
      },
    },
    ...(proposal.exact ? [{ name: `proposal ${proposal.id} satisfies detailed balance`, check: () => ensureBalance(fold(key, proposal.id), { prior, proposal, sound, draws: 10 * draws }) }] : []),
  ]);
  return [priorClaim, ...each];
}

function choiceClaims<S, T>(domain: Domain<S, T>, { key, texts, rewrite, constraints = [] }: DomainCheck<S, T>): Claim[] {
  const { codec } = domain;
  const materials = () => texts.map((line) => codec.parse(line));
  const decide = constraints.map(({ name, value, keeps, refuses, ...rest }): Claim => ({
    name: `constraint ${name} of ${text(value)} decides`,
    async check() {
      const recipe = domain.constraints[name];
      ensure(recipe !== undefined, () => `there is no constraint "${name}"`);
      const reason = recipe.make(value);
      ensure(reason(codec.parse(keeps)) === undefined, () => `${name} refuses "${keeps}": ${reason(codec.parse(keeps))}`);
      ensure(typeof reason(codec.parse(refuses)) === "string" && reason(codec.parse(refuses)) !== "", () => `${name} gives no reason against "${refuses}"`);
      if (!("illegal" in rest)) return;
      const error = await thrownBy(() => recipe.make(rest.illegal), () => `${name} was built from ${text(rest.illegal)}`);
      ensure(error instanceof InputError, () => `${name} of ${text(rest.illegal)} threw ${String(error)}`);
    },
  }));
  return [
    ...decide,
    {
      name: "similarity is symmetric, in [0, 1], and 1 for equal materials",
      check: () =>
        materials().forEach((a, i, all) => {
          const b = all[(i + 1) % all.length]!;
          const s = domain.similarity(a, b);
          ensure(s >= 0 && s <= 1 && s === domain.similarity(b, a), () => `similarity of "${texts[i]}" and its neighbour: ${s} and ${domain.similarity(b, a)}`);
          ensure(domain.similarity(a, rewrite(fold(key, i), a)) === 1, () => `"${texts[i]}" is not similar to itself`);
        }),
    },
    {
      name: "groups are named and do not depend on the writing",
      check: () =>
        Object.entries(domain.groups).forEach(([name, group]) =>
          materials().forEach((s, i) => ensure(typeof group(s) === "string" && group(s) === group(rewrite(fold(key, i), s)), () => `group ${name} of "${texts[i]}": ${group(s)}, rewritten ${group(rewrite(fold(key, i), s))}`)),
        ),
    },
    {
      name: "draw gives an SVG of the size asked for",
      check: () =>
        materials().forEach((s, i) => {
          const svg = domain.draw(s, { width: 210, height: 140 });
          ensure(/^\s*(<\?xml[^>]*>\s*)?<svg[\s>]/.test(svg) && svg.trimEnd().endsWith("</svg>"), () => `the drawing of "${texts[i]}" is no SVG: ${svg.slice(0, 60)}`);
          ensure(svg.includes("210") && svg.includes("140"), () => `the drawing of "${texts[i]}" is not 210 × 140`);
          ensure(svg === domain.draw(s, { width: 210, height: 140 }), () => `"${texts[i]}" is drawn differently each time`);
        }),
    },
  ];
}

function mixingClaims<S, T>({ codec, mixing }: Domain<S, T>, { texts }: DomainCheck<S, T>): Claim[] {
  if (!mixing) return [];
  return [
    {
      name: "a material is mixed from its own shares, on any scale",
      check: () =>
        texts.forEach((line) => {
          const s = codec.parse(line);
          const shares = mixing.shares(s);
          const [names, amounts] = [shares.map(([name]) => name), shares.map(([, share]) => share)];
          ensure(amounts.every((a) => a > 0) && Math.abs(amounts.reduce((a, b) => a + b, 0) - 1) < 1e-9, () => `shares of "${line}" are ${amounts.join(", ")}`);
          ensure(names.every((name) => mixing.parts.includes(name)), () => `"${line}" has parts that are not listed: ${names.join(", ")}`);
          for (const scale of [1, 100]) ensure(codec.key(mixing.mix(names, amounts.map((a) => a * scale))) === codec.key(s), () => `the shares of "${line}", times ${scale}, make another material`);
          const other = mixing.parts.find((name) => !names.includes(name));
          if (other !== undefined) ensure(codec.key(mixing.mix([...names, other], [...amounts, 0])) === codec.key(s), () => `nothing of ${other} changes "${line}"`);
        }),
    },
  ];
}
