/* Learning rates by step. */

/** The rate at step t of `steps`. */
export type Schedule = (t: number, steps: number) => number;

export const constantRate =
  (rate: number): Schedule =>
  () =>
    rate;

/** A linear rise over the first share of the steps, then half a cosine down to zero (Loshchilov & Hutter 2017). */
export const cosine =
  (rate: number, { warmUp = 0.05 }: { readonly warmUp?: number } = {}): Schedule =>
  (t, steps) => {
    const rise = Math.max(1, Math.round(warmUp * steps));
    return t < rise ? (rate * (t + 1)) / rise : (rate * (1 + Math.cos((Math.PI * (t - rise)) / Math.max(1, steps - rise)))) / 2;
  };

/** Up from a tenth to the peak in the first share of the steps, down to a thousandth (Smith & Topin 2019). */
export const oneCycle =
  (rate: number, { rising = 0.3 }: { readonly rising?: number } = {}): Schedule =>
  (t, steps) => {
    const peak = Math.max(1, Math.round(rising * steps));
    const between = (from: number, to: number, share: number): number => to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(1, share)))) / 2;
    return t < peak ? between(rate / 10, rate, t / peak) : between(rate, rate / 1000, (t - peak) / Math.max(1, steps - peak));
  };
