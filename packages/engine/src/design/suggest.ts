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

/** The name that was probably meant: the closest, if at most a third of its letters differ (case aside); else undefined. */
export function suggestion(name: string, names: readonly string[]): string | undefined {
  if (name.length > LONGEST) return undefined;
  const ranked = names.map((candidate) => ({ candidate, d: distance(name.toLowerCase(), candidate.toLowerCase()) })).toSorted((a, b) => a.d - b.d);
  const best = ranked[0];
  return best !== undefined && best.d <= Math.max(1, best.candidate.length / 3) ? best.candidate : undefined;
}

/** The text as JSON, cut to a readable length. */
export const quoted = (text: string): string => JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
