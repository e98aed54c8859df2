/* A program's version, asked once; a missing program is asked again, in case it has been installed since. */
import { UnsupportedError } from "@tatara/engine/base";
import type { Context } from "@tatara/engine/base";
import type { Failure } from "./types.ts";
import { xtbVersion } from "./xtb.ts";

export interface Version {
  get(ctx: Context): Promise<string>;
  /** The version, or a Failure of kind `missing`. */
  orFailure(ctx: Context): Promise<string | Failure>;
}

export function versionOnce(command: string): Version {
  let known: string | undefined;
  const get = async (ctx: Context): Promise<string> => (known ??= await xtbVersion(command, ctx));
  return {
    get,
    async orFailure(ctx) {
      try {
        return await get(ctx);
      } catch (error) {
        if (error instanceof UnsupportedError) return { failure: error.message, kind: "missing" };
        throw error;
      }
    },
  };
}
