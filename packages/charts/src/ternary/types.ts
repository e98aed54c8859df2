/* What a ternary diagram is drawn from. Fractions are of 1 and add up to 1; arrays over points have equal lengths. */

/** Fractions of the three components in the order of the corners: top, lower left, lower right. */
export type Composition = readonly [number, number, number];

/** Computed compositions, on a regular grid or anywhere; the third fraction is what is left. */
export interface TernaryPoints {
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
}

export interface TernaryClass {
  readonly name: string;
  /** Probability of the class at each point; NaN where nothing was computed. */
  readonly probability: ArrayLike<number>;
  readonly colour?: string;
  /** The class of everything else: a pale ground without contours. */
  readonly plain?: boolean;
}

/** One continuous quantity as colour: a property, or its uncertainty. */
export interface TernaryQuantity {
  readonly name: string;
  /** Unit symbol; "1" is not printed. */
  readonly unit: string;
  /** NaN where nothing was computed. */
  readonly values: ArrayLike<number>;
  /** Values at the ends of the colour bar; default the smallest and the largest. */
  readonly domain?: readonly [number, number];
}

export type MarkerShape = "pentagon" | "decagon" | "diamond" | "square" | "triangle" | "circle" | "ring";

/** How phases of one kind are marked. */
export interface PhaseKind {
  readonly name: string;
  readonly marker?: MarkerShape;
  readonly colour?: string;
}

export interface TernaryPhase {
  /** Its label; digits after a letter or a bracket become subscripts: `i-Al63Cu24Fe13`. */
  readonly name: string;
  readonly kind: string;
  readonly at: Composition;
  /** More for its tooltip: structure, source. */
  readonly about?: string;
}

/** A proposed composition; numbered in order from 1. */
export interface TernaryCandidate {
  readonly at: Composition;
  /** For its tooltip: why it was chosen. */
  readonly about?: string;
}

/** weights · fractions ≥ least. */
export interface HalfPlane {
  readonly weights: Composition;
  readonly least: number;
}

/** A region that a rule allows: half-planes that all hold, or any predicate given at each point. */
export interface TernaryRule {
  readonly name: string;
  readonly halfPlanes?: readonly HalfPlane[];
  /** Whether the rule holds at each point. */
  readonly holds?: ArrayLike<boolean | number>;
  readonly colour?: string;
}

/** The line weights · fractions = value, such as a constant number of electrons per atom. */
export interface TernaryLine {
  readonly name: string;
  readonly weights: Composition;
  readonly value: number;
}

export interface TernaryEnergy {
  readonly at: Composition;
  /** Formation energy per atom against the three corners, which are taken as 0 where they are not given. */
  readonly energy: number;
  readonly name?: string;
}

export interface TernaryEnergies {
  /** Unit symbol of the energies. */
  readonly unit: string;
  readonly phases: readonly TernaryEnergy[];
  /** Metastable phases up to so far above the hull are labelled; default 0.05 (of the unit). */
  readonly within?: number;
}

/** What one triangle shows; all but the corners may be left out. */
export interface TernaryContent {
  /** Names of the components: top, lower left, lower right. */
  readonly corners: readonly [string, string, string];
  /** Zoom: the least fraction of each component that is shown, such as [0.5, 0, 0]; they add up to less than 1. */
  readonly from?: Composition;
  readonly points?: TernaryPoints;
  /** Neighbouring points farther apart than this (a difference of fractions) are not painted between; default 1.8 times the spacing of the coarsest part. */
  readonly reach?: number;
  readonly classes?: readonly TernaryClass[];
  /** Probabilities at which contours are drawn, for every class that is not plain; default [0.5, 0.9]. */
  readonly contours?: readonly number[];
  readonly quantity?: TernaryQuantity;
  /** Whether each point is inside the domain of applicability; hatched where not. */
  readonly applicable?: ArrayLike<boolean | number>;
  readonly phases?: readonly TernaryPhase[];
  /** Order and looks of the kinds of phases; others follow in order of appearance. */
  readonly kinds?: readonly PhaseKind[];
  readonly candidates?: readonly TernaryCandidate[];
  readonly rules?: readonly TernaryRule[];
  readonly lines?: readonly TernaryLine[];
  readonly energies?: TernaryEnergies;
  /** Most points with a tooltip; default 300, 0 for none. */
  readonly hover?: number;
}

export interface TernaryOptions extends TernaryContent {
  /** One sentence for those who cannot see the figure; default tells what is shown. */
  readonly about?: string;
  readonly title?: string;
  /** px; default 560. */
  readonly width?: number;
  /** The symmetry axes of a quasicrystal in stereographic projection, beside the triangle. */
  readonly stereogram?: "icosahedral" | "decagonal";
}
