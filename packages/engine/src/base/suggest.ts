/* "Did you mean": the closest of the names there are, and values quoted so that they stay on one line. */

/** Restricted Damerau-Levenshtein distance: insertions, deletions, substitutions and swaps of neighbours. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

const LONGEST = 64; // longer texts are no misspelt names

/**
 * The name that was probably meant, case aside: the closest, if at most a third of its letters differ and one is shared;
 * else the only one that begins so. Undefined when there is none.
 */
export function suggestion(name: string, names: readonly string[]): string | undefined {
  if (name.length > LONGEST) return undefined;
  const word = name.toLowerCase();
  const ranked = names.map((candidate) => ({ candidate, d: distance(word, candidate.toLowerCase()) })).toSorted((a, b) => a.d - b.d);
  const best = ranked[0];
  if (best === undefined) return undefined;
  if (best.d <= Math.ceil(name.length / 3) && best.d < Math.max(name.length, best.candidate.length)) return best.candidate;
  const longer = names.filter((candidate) => candidate.toLowerCase().startsWith(word));
  return longer.length === 1 && name.length >= SHORTEST_BEGINNING ? longer[0] : undefined;
}

const SHORTEST_BEGINNING = 3;

/** `did you mean "x"?` when there is a name close enough, else nothing. */
export function didYouMean(name: string, names: readonly string[]): string {
  const word = suggestion(name, names);
  return word === undefined ? "" : `did you mean ${quoted(word)}?`;
}

/** What would be right instead of an unknown name: the one that was probably meant, else all there are. */
export const oneOfThese = (name: string, names: readonly string[]): string => didYouMean(name, names) || `there ${names.length === 0 ? "is none" : `${names.length === 1 ? "is" : "are"} ${names.join(", ")}`}`;

/** The text as JSON, cut to a readable length. */
export const quoted = (text: string): string => JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
