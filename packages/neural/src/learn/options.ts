/* Options that all ensembles of networks have, and the settings of training that follow from them. */
import type { Cost, Law } from "./heads.ts";
import type { MemberSettings } from "./members.ts";

export interface EnsembleOptions {
  /** Networks, each of which leaves out and is stopped by another part of the rows. Default 5. */
  readonly members?: number;
  /** Share of the units that are dropped in training, in [0, 1). Default 0.1. */
  readonly dropout?: number;
  /** Rows of a batch. By default more for more rows. */
  readonly batch?: number;
  /** Passes over the rows at most. By default fewer for more rows. */
  readonly epochs?: number;
  /** Passes without a gain on rows held out after which a member stops. Default a quarter of the epochs. */
  readonly patience?: number;
  /** Largest learning rate. */
  readonly rate?: number;
  readonly weightDecay?: number;
  /** Share of the running average of the parameters that stays after a pass, in [0, 1); 0 averages nothing. */
  readonly averaging?: number;
  /** `means`: means first, then widths from errors on rows held out; `joint`: both at once by the likelihood. Default `means`. */
  readonly objective?: "means" | "joint";
  /** What an error of a mean costs: `absolute` is moved less by outliers, and learns medians. */
  readonly cost?: Cost;
  /** Law of a number's errors. Default `normal`. */
  readonly law?: Law;
  /** For `joint`: from 0, the likelihood, to 1, all rows alike for the mean. Default 0.5. */
  readonly beta?: number;
  /** `balanced` trains as if the classes were equally common and corrects the probabilities. Default `none`. */
  readonly classWeight?: "none" | "balanced";
  /** One network for all properties, which may be missing in some rows. Default false. */
  readonly joint?: boolean;
}

/** What a kind of network takes where nothing is said. */
export interface UsualSettings extends Pick<MemberSettings, "batch" | "epochs" | "rate" | "weightDecay" | "averaging" | "cost"> {
  readonly members: number;
}

/** Settings of the members, and of the networks of the widths, which begin where the members ended and take less. */
export function ensembleSettings(options: EnsembleOptions, usual: UsualSettings): { readonly settings: MemberSettings; readonly widths: Partial<MemberSettings> } {
  const { members, batch, epochs, rate, weightDecay, averaging, cost, patience = Math.ceil(epochs / 4), objective = "means", law = "normal", beta = 0.5 } = { ...usual, ...options };
  return {
    settings: { members, batch, epochs, patience, rate, weightDecay, averaging, objective, cost, law, beta },
    widths: { epochs: Math.ceil(epochs / 4), patience: Math.max(5, Math.ceil(epochs / 16)), rate: rate / 2 },
  };
}

/** Options in the words of a recipe's name. */
export const describeOptions = (options: object): string =>
  Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join("-") : String(value)}`)
    .join(", ");
