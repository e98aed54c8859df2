/*
 * Contract kits: one suite of claims per contract, run for every implementation. A kit is a list of named
 * claims, so that any test runner can run them:
 *
 *   for (const claim of checkDomain(toyDomain, options)) test.skipIf(claim.skip !== undefined)(claim.name, claim.check);
 */

/** One promise of a contract. */
export interface Claim {
  readonly name: string;
  /** Why an implementation does not keep this promise, where it said so. */
  readonly skip?: string;
  /** Throws an Error with the counterexample when the promise is broken. */
  check(): void | Promise<void>;
}

/** A declared gap: the claim's name and the reason. */
export interface Gap {
  readonly check: string;
  readonly reason: string;
}
