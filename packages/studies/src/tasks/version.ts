import manifest from "../../package.json" with { type: "json" };

/** Version of Tatara, written into every run. */
export const version: string = manifest.version;
