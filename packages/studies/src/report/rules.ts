/* The report's part on rules: in words, how far to trust them, where they lie, and what the model's hits share. */
import { AGREED, agreements, axisTitle, escapeText, histogram, ruleSpace, shares, smallMultiples, theme } from "@tatara/charts";
import { count, digits, figure, percent, table } from "./format.ts";
import { groundsOf, kindsOf } from "./triangles.ts";
import type { ReportCondition, ReportData, ReportEstimate, ReportRules, ReportSeparation } from "./types.ts";

export function rulesSection({ rules }: ReportData): string {
  return rules ? [theRule(rules), where(rules), agreement(rules), shared(rules), otherWords(rules)].filter((part) => part !== "").join("\n") : "";
}

/** Links to the parts. */
export const rulesLinks = ({ inverse, systems, space }: ReportRules): readonly (readonly [id: string, words: string])[] => [
  ["rule", "The rule"],
  ...(systems.length > 0 || space ? [["where", "Where it lies"] as const] : []),
  ["agreement", "How far to trust it"],
  ...(inverse ? [["shared", "What the model's hits share"] as const] : []),
  ["words", "Other words for it"],
];

const interval = ({ estimate, low, high }: ReportEstimate, write: (v: number) => string = percent): string => (Number.isNaN(estimate) ? "—" : `${write(estimate)} <span class="fine">${write(low)} … ${write(high)}</span>`);

const inProse = ({ estimate, low, high }: ReportEstimate): string => `${percent(estimate)} [${percent(low)}, ${percent(high)}]`;

function theRule(rules: ReportRules): string {
  const { conditions, wanted, training, outOfFold, realistic, of } = rules;
  const figures = conditions.map((c) => figure(strip(c, rules), `${c.text}. Shaded: what the condition allows.`));
  return `<section class="worded"><h2 id="rule">The rule</h2>
<p>${of === "data" ? `What tells the ${rules.positives} rows of ${escapeText(wanted)} from the ${rules.negatives} others` : `What tells the rows that the model takes for ${escapeText(wanted)} from the others`}, in ${count(conditions.length, "condition")} that must all hold. It was searched for among ${rules.features} features, for ${escapeText(rules.aim)}. It is this study's own summary of these data, and no law.</p>
<ol class="rule">${conditions.map((c) => `<li>${escapeText(c.text)}</li>`).join("")}</ol>
${separations("Figures of the rule", [["<b>out of fold</b>", outOfFold], ["on the rows it was made from", training]], rules)}
<p class="fine">Figures on the rows that a rule was made from are always too good: every end of an interval was put where it suits them. Out of fold the whole search was done again without the rows that are judged, and those figures count: recall ${inProse(outOfFold.interval.recall)}, let through ${inProse(outOfFold.interval.falsePositiveRate)} (95 % intervals over groups of rows).${realistic.length > 0 ? ` Most negatives are easy to keep out; those that could be taken for positives stand apart: ${realistic.map((r) => `<i>${escapeText(r.name)}</i>, ${escapeText(r.about)} (${count(r.rows, "row")})`).join("; ")}.` : ""}</p>
<div class="figures">${figures.join("")}</div>
${conditionTable(rules)}${stability(rules)}</section>`;
}

function separations(name: string, lines: readonly (readonly [string, ReportSeparation])[], { realistic }: ReportRules): string {
  return table(name, ["", "says yes to", "precision", "recall", "let through of all negatives", ...realistic.map((r) => `of those <i>${escapeText(r.name)}</i>`)], lines.map(([label, s]) => [label, String(Math.round(s.support)), percent(s.precision), percent(s.recall), percent(s.falsePositiveRate), ...s.subsets.map(percent)]));
}

const strip = ({ words, unit, low, high, values }: ReportCondition, { wanted, against }: ReportRules): string =>
  histogram({
    about: `${words}: positives and negatives, with what the rule allows`,
    title: axisTitle(words, unit === "" ? "1" : unit),
    series: [
      { name: against === "all" ? "negatives" : `negatives, ${against}`, values: values.negatives, colour: theme.outside },
      { name: wanted, values: values.positives, colour: theme.wanted },
    ],
    target: { low, high },
    called: "allowed",
    domain: shownDomain([...values.positives, ...values.negatives], low, high),
  });

/** Without the last hundredth at each end, which would squeeze the rest. */
function shownDomain(values: readonly number[], low: number, high: number): readonly [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const ends = [low, high].filter(Number.isFinite);
  return [Math.min(at(0.01), ...ends), Math.max(at(0.99), ...ends)];
}

function conditionTable({ conditions }: ReportRules): string {
  const rows = conditions.map((c) => [escapeText(c.text), percent(c.alone.recall), percent(c.alone.falsePositiveRate), `+${Math.round(c.without.support * (1 - c.without.precision))}`, c.substitutes.length === 0 ? "—" : escapeText(c.substitutes.slice(0, SUBSTITUTES).join("; ") + (c.substitutes.length > SUBSTITUTES ? "; …" : ""))]);
  return table("Conditions one by one", ["condition", "positives that meet it", "negatives that meet it", "negatives let through without it", "would do as well"], rows);
}

const SUBSTITUTES = 3;

function stability({ stability: found, conditions }: ReportRules): string {
  if (!found) return "";
  const returned = shares({
    about: "How often each condition returned when rules were mined again",
    title: `share of ${found.bootstraps} bootstraps`,
    rows: conditions.map((c) => ({ name: c.text, values: [c.returned!.feature, c.returned!.group, c.returned!.similar] })),
    series: [
      { name: "on the same feature", colour: theme.data },
      { name: "or one that goes with it", colour: theme.data, mark: "ring" },
      { name: "meaning nearly the same rows", colour: theme.wanted, mark: "square" },
    ],
    width: 760,
  });
  const used = shares({ about: "Features that rules of bootstraps used", title: `share of ${found.bootstraps} bootstraps`, rows: found.features.map(({ words, share }) => ({ name: words, values: [share] })), series: [{ name: "used", colour: theme.data }], width: 760 });
  return `<div class="figures">${figure(returned, `How stable the rule is: mined again from groups of rows drawn anew. A bootstrap's rule covers ${percent(found.overlap)} of the same rows on average (overlap over union).`, "wide")}${figure(used, "Features that the rules of all bootstraps used. Many features say nearly the same, so which of them a rule names is partly chance.", "wide")}</div>`;
}

function where(rules: ReportRules): string {
  const { systems, space } = rules;
  if (systems.length > 0) {
    const svg = smallMultiples({ about: `Ternary diagrams of the ${systems.length} systems with most positives: the model's regions, the rule's outline, known phases`, systems: systems.map((t) => panel(t, rules)), columns: Math.min(3, systems.length), width: 1090 });
    return `<section><h2 id="where">Where it lies</h2><p>The rule over what the model says, in the systems with most positives. Where outline and region part, rule and model disagree: the model has seen more than these conditions.</p>${figure(svg, `Shaded: where the model finds a class likeliest, with contours at 50 and 90 %. Dashed: where all conditions of the rule hold. Beside a name: known positives. Grid 2 at.%.`, "whole")}</section>`;
  }
  if (!space) return "";
  const axis = (a: NonNullable<ReportRules["space"]>["x"]) => ({ name: a.words, unit: a.unit, low: a.low, high: a.high });
  return `<section><h2 id="where">Where it lies</h2><div class="figures">${figure(ruleSpace({ x: axis(space.x), y: axis(space.y), positives: space.positives, negatives: space.negatives }), "The two conditions that returned most often. The others keep out negatives that lie in this box too.", "wide")}</div></section>`;
}

function panel(t: ReportRules["systems"][number], { targets }: ReportRules) {
  return {
    title: t.name,
    score: String(t.positives),
    corners: t.corners,
    points: { a: t.a, b: t.b },
    classes: groundsOf(targets, t.classes),
    phases: t.phases,
    kinds: kindsOf(targets, t.classes),
    rules: [{ name: "all conditions hold", holds: t.holds }],
    hover: 0,
  };
}

function agreement({ sets, model, aim }: ReportRules): string {
  const note = (outOfFold: boolean) => (outOfFold ? "" : " *");
  const rows = [
    ...sets.map((s) => [escapeText(s.name) + note(s.outOfFold), interval(s.fidelity.kappa, digitsOf), s.explained ? interval(s.explained) : "—", interval(s.fidelity.recall), interval(s.fidelity.precision), interval(s.accuracy.recall), interval(s.accuracy.precision), interval(s.accuracy.falsePositiveRate)]),
    [`the model, from ${percent(model.cut)} on`, "", "", "", "", interval(model.byAim.recall), interval(model.byAim.precision), interval(model.byAim.falsePositiveRate)],
    ["the model, from 50 % on", "", "", "", "", interval(model.byHalf.recall), interval(model.byHalf.precision), interval(model.byHalf.falsePositiveRate)],
  ];
  const drawn = agreements({
    about: "Precision against recall of each set of rules, against the model and against the truth",
    series: [{ name: "against the model", colour: AGREED.model, open: true }, { name: "against the truth", colour: AGREED.truth }],
    sets: [...sets.flatMap((s) => [{ name: s.name, series: 0, recall: s.fidelity.recall, precision: s.fidelity.precision }, { name: s.name, series: 1, recall: s.accuracy.recall, precision: s.accuracy.precision }]), { name: "the model", series: 1, recall: model.byAim.recall, precision: model.byAim.precision }],
  });
  return `<section class="worded"><h2 id="agreement">How far to trust it</h2>
<p>Two questions. <b>Fidelity</b>: do the rules say what the model says? <b>Accuracy</b>: do they say what is true? Either can be high without the other. Rules${model.outOfFold ? ", model and truth are compared out of fold, in the same folds" : " are judged out of fold; the model may have seen the rows"}. All answer to one aim, ${escapeText(aim)}; for the model that means yes from a probability of ${percent(model.cut)} on.</p>
${table("Fidelity and accuracy", ["", `<abbr title="Cohen's kappa with the model: agreement beyond chance, 1 is perfect">κ with the model</abbr>`, `<abbr title="share of the variance of the model's probability that yes and no explain">explained</abbr>`, "of the model's yes, found", "of the rules' yes, the model's", "of the positives, found", "of the rules' yes, true", "negatives let through"], rows)}
${sets.some((s) => !s.outOfFold) ? '<p class="fine">* All relations of the inverse route at once. The model that they were read off had seen these rows.</p>' : ""}
<div class="figures">${figure(drawn, "Bars: 95 % intervals from a bootstrap over groups of rows.", "wide")}</div></section>`;
}

const digitsOf = (v: number): string => v.toFixed(2).replace("-", "−");

function shared({ inverse, realistic, wanted }: ReportRules): string {
  if (!inverse) return "";
  const { relations, commonplace, corpus, posterior, distinct, prior, share, power } = inverse;
  const rows = relations.map((r) => [escapeText(r.text), Number.isFinite(r.narrowing) ? `${digits(r.narrowing)} ×` : "constant", percent(r.inside), percent(r.priorInside), percent(r.recall), percent(r.falsePositiveRate), ...r.subsets.map(percent)]);
  const left = commonplace > 0 ? ` ${count(commonplace, "narrow relation")} that a good part of the prior, or most real negatives, have too ${commonplace === 1 ? "was" : "were"} left out.` : "";
  return `<section class="worded"><h2 id="shared">What the model's hits share</h2>
<p>The model asked backwards: ${posterior} samples (${distinct} different materials) of what is plausible and, by the model, ${escapeText(wanted)}, against ${prior} samples of what is plausible alone${share === null ? "" : `, of which ${share < 1e-3 ? share.toExponential(1) : percent(share)} would meet the target`}. Plausible is what looks like one of ${corpus} real rows, the positives and the negatives that could be taken for them${power === 1 ? "" : `; the model's probability counts to the power of ${power}, so that few likely materials are not outweighed by many doubtful ones`}. Sums and products of features that hardly vary in the first and do in the second are what the model has learnt; it may be wrong, so the last columns say how many real rows agree.${left}</p>
${relations.length === 0 ? '<p class="note">No sum or product is narrow enough that the prior does not have already.</p>' : table("Relations that the model's hits share", ["relation", "narrower than before", "samples inside", "prior inside", "real positives inside", "real negatives inside", ...realistic.map((r) => `of those <i>${escapeText(r.name)}</i>`)], rows)}</section>`;
}

function otherWords(rules: ReportRules): string {
  const { alternatives, ofFolds, tree, fit } = rules;
  return `<section class="worded"><h2 id="words">Other words for it</h2>
${alternatives.length > 0 ? `<h3>Other rules</h3><p>Rules that let other negatives through, nearly as good on the rows they were made from.</p>${separations("Other rules", alternatives.map((a) => [escapeText(a.text), a.training]), rules)}` : ""}
${tree === undefined ? "" : `<h3>The best shallow tree</h3><p>Of all trees of this depth, the one that serves the same aim best: at a leaf, the answer, and how many of its rows it is right about.</p><pre>${escapeText(tree)}</pre>`}
${fit === undefined ? "" : `<h3>RuleFit</h3><p>A sum of small rules and of features, for the log odds. ${escapeText(fit.about)}</p><ul>${fit.lines.map((line) => `<li>${escapeText(line)}</li>`).join("")}</ul>${fit.more > 0 ? `<p class="fine">${count(fit.more, "smaller term")} in <code>rules.json</code>.</p>` : ""}`}
<details><summary>The rules of the folds</summary><ol>${ofFolds.map((text) => `<li>${escapeText(text)}</li>`).join("")}</ol></details></section>`;
}
