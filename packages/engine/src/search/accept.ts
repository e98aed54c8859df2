/*
 * Metropolis-Hastings in log space: Hastings (1970), doi 10.1093/biomet/57.1.97.
 */

/** A state as the acceptance rule sees it. */
export interface Judged {
  /** log p(state) under the prior; −∞ for a state that is unsound or breaks a constraint. */
  readonly logPrior: number;
  /** beta · log L. */
  readonly tempered: number;
}

const difference = (to: number, from: number): number => (to === from ? 0 : to - from);

/**
 * log of the acceptance probability, not cut at 0: Δ(beta log L) + Δ log p + logRatio. A target that
 * vanishes at `to` gives −∞; NaN only when `logRatio` is NaN.
 */
export function logAcceptance(from: Judged, to: Judged, logRatio: number): number {
  if (to.logPrior === Number.NEGATIVE_INFINITY || to.tempered === Number.NEGATIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  return difference(to.tempered, from.tempered) + difference(to.logPrior, from.logPrior) + logRatio;
}

/**
 * The rule of heuristic samplers. Without a ratio, or where the prior cannot score both states, only the
 * tempered likelihood decides, as in iQSPR (Ikebata et al. 2017, doi 10.1007/s10822-016-0008-z); what is
 * sampled is then no known distribution.
 */
export function logAcceptanceHeuristic(from: Judged, to: Judged, logRatio: number | undefined): number {
  const scored = Number.isFinite(from.logPrior) && Number.isFinite(to.logPrior);
  if (logRatio !== undefined && scored) return logAcceptance(from, to, logRatio);
  return difference(to.tempered, from.tempered);
}
