/** Every broken rule, in words; `sources` maps paths from the repository's root to their texts. */
export function findProblems(sources: ReadonlyMap<string, string>): string[];
