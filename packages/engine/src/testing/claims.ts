/* What contract kits are written with. */
import { InputError } from "../base/errors.ts";
import { stableJson } from "../base/hash.ts";
import type { Claim, Gap } from "./types.ts";

/** Throws with the message when the condition does not hold; the message is made only then. */
export function ensure(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new Error(message());
}

/** The claims with declared gaps marked. Throws InputError for a gap that names no claim, so that gaps do not outlive their reason. */
export function withGaps(claims: readonly Claim[], gaps: readonly Gap[]): readonly Claim[] {
  const stray = gaps.find((gap) => !claims.some((c) => c.name === gap.check));
  if (stray !== undefined) throw new InputError(`gap for no claim: "${stray.check}" — the claims are ${claims.map((c) => `"${c.name}"`).join(", ")}`, { value: stray.check });
  return claims.map((claim) => {
    const gap = gaps.find((g) => g.check === claim.name);
    return gap === undefined ? claim : { ...claim, skip: gap.reason };
  });
}

/** Plain data as text that differs where they differ. */
export const text = (value: unknown): string => stableJson(value) ?? "undefined";

/** What `work` throws; fails when it returns. */
export async function thrownBy(work: () => unknown, otherwise: () => string): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error(otherwise());
}
