/*
 * Where labels go: near their points, over nothing, and tied to them by a line when they had to move away.
 * Each label tries places around its point, nearest first; the crowded ones choose first, then all choose
 * again in turn while that helps. A heuristic (the exact problem is NP-hard: Marks & Shieber 1991), without chance.
 */
import type { Point } from "./geometry.ts";

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface LabelRequest {
  readonly x: number;
  readonly y: number;
  /** px around the point that its marker takes. */
  readonly radius: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedLabel {
  readonly box: Rect;
  /** From the marker to the label, when it is not beside its point. */
  readonly leader?: readonly [Point, Point];
}

export interface LabelSpace {
  readonly bounds: Rect;
  /** What labels may not cover. */
  readonly obstacles: readonly Rect[];
  /** Lines that labels should rather not stand on. */
  readonly lines: readonly (readonly [Point, Point])[];
  /** Points that labels and leaders should leave free, with their radii. */
  readonly markers: readonly { readonly x: number; readonly y: number; readonly radius: number }[];
}

const DISTANCES = [3, 9, 17, 27, 40, 56, 76, 100, 130, 165]; // px from the marker
const DIRECTIONS = 24;
const SWEEPS = 8;
const BESIDE = 8; // px: nearer labels need no line
const PAD = 2; // px between labels
const COST = { label: 400, bounds: 1e5, obstacle: 300, marker: 90, crossing: 80, through: 150, over: 60, line: 14, px: 0.6, turn: 1.5 } as const;

interface Choice extends PlacedLabel {
  readonly own: number;
}

export function placeLabels(requests: readonly LabelRequest[], space: LabelSpace): readonly PlacedLabel[] {
  const choices = requests.map((request) => choicesOf(request, space));
  const crowd = requests.map((r) => requests.filter((s) => Math.hypot(r.x - s.x, r.y - s.y) < 70).length);
  const order = requests.map((_, i) => i).sort((i, j) => crowd[j]! - crowd[i]! || i - j);
  const chosen: (Choice | undefined)[] = requests.map(() => undefined);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = false;
    for (const i of order) {
      const others = chosen.filter((c, j): c is Choice => j !== i && c !== undefined);
      const best = least(choices[i]!, (choice) => choice.own + between(choice, others));
      moved ||= best !== chosen[i];
      chosen[i] = best;
    }
    if (!moved) break;
  }
  return chosen.map((choice) => ({ box: choice!.box, ...(choice!.leader ? { leader: choice!.leader } : {}) }));
}

function least<T extends object>(items: readonly T[], cost: (item: T) => number): T {
  let best: T = items[0]!;
  let lowest = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const own = cost(item);
    if (own < lowest) {
      best = item;
      lowest = own;
    }
  }
  return best;
}

/** All places of one label with what they cost by themselves. */
function choicesOf(request: LabelRequest, space: LabelSpace): readonly Choice[] {
  return DISTANCES.flatMap((far) =>
    Array.from({ length: DIRECTIONS }, (_, k) => {
      // Directions from the right: right and left read best, and lie first.
      const angle = (2 * Math.PI * k) / DIRECTIONS;
      const box = boxAt(request, far, angle);
      const leader = far >= BESIDE ? leaderOf(request, box) : undefined;
      return { box, ...(leader ? { leader } : {}), own: ownCost(request, box, leader, space) + COST.px * far + COST.turn * Math.abs(Math.sin(angle)) };
    }),
  );
}

function boxAt({ x, y, radius, width, height }: LabelRequest, far: number, angle: number): Rect {
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
  const cx = x + ux * (radius + far + width / 2);
  const cy = y + uy * (radius + far + height / 2);
  return { left: cx - width / 2, right: cx + width / 2, top: cy - height / 2, bottom: cy + height / 2 };
}

/** From the marker's rim to the nearest point of the box. */
function leaderOf({ x, y, radius }: LabelRequest, box: Rect): readonly [Point, Point] {
  const end: Point = [Math.min(Math.max(x, box.left), box.right), Math.min(Math.max(y, box.top + 2), box.bottom - 2)];
  const length = Math.hypot(end[0] - x, end[1] - y) || 1;
  return [[x + ((end[0] - x) / length) * radius, y + ((end[1] - y) / length) * radius], end];
}

function ownCost({ x, y }: LabelRequest, box: Rect, leader: readonly [Point, Point] | undefined, { bounds, obstacles, lines, markers }: LabelSpace): number {
  let cost = 0;
  if (box.left < bounds.left || box.right > bounds.right || box.top < bounds.top || box.bottom > bounds.bottom) cost += COST.bounds;
  for (const obstacle of obstacles) {
    if (overlap(box, obstacle)) cost += COST.obstacle;
    if (leader && crosses(leader, obstacle)) cost += COST.over;
  }
  for (const segment of lines) if (crosses(segment, box)) cost += COST.line;
  for (const marker of markers) {
    if (overlap(box, around(marker))) cost += COST.marker;
    if (leader && (marker.x !== x || marker.y !== y) && crosses(leader, around(marker))) cost += COST.over;
  }
  return cost;
}

const around = ({ x, y, radius }: LabelSpace["markers"][number]): Rect => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });

function between(choice: Choice, others: readonly Choice[]): number {
  let cost = 0;
  for (const other of others) {
    if (overlap(choice.box, other.box)) cost += COST.label;
    if (choice.leader && crosses(choice.leader, other.box)) cost += COST.through;
    if (other.leader && crosses(other.leader, choice.box)) cost += COST.through;
    if (choice.leader && other.leader && meet(choice.leader, other.leader)) cost += COST.crossing;
  }
  return cost;
}

export const overlap = (a: Rect, b: Rect): boolean => a.left < b.right + PAD && b.left < a.right + PAD && a.top < b.bottom + PAD / 2 && b.top < a.bottom + PAD / 2;

const side = (p: Point, q: Point, r: Point) => (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);

const meet = ([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): boolean => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;

/** Whether a segment passes through a rectangle. */
function crosses([p, q]: readonly [Point, Point], { left, right, top, bottom }: Rect): boolean {
  let [start, end] = [0, 1];
  for (const [from, delta, low, high] of [[p[0], q[0] - p[0], left, right], [p[1], q[1] - p[1], top, bottom]] as const) {
    if (delta === 0) {
      if (from < low || from > high) return false;
      continue;
    }
    const [s, e] = [(low - from) / delta, (high - from) / delta];
    start = Math.max(start, Math.min(s, e));
    end = Math.min(end, Math.max(s, e));
  }
  return start < end;
}
