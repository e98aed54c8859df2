/*
 * The packages that the element table is made from, fetched by their ordinary clients into a cache folder and read
 * from there; nothing is installed. Debian: `apt-get download`, so a Debian (12 or later) machine is needed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** What a package is used for is said by each property's source. */
export const PACKAGES = {
  pymatgen: { debian: "python3-pymatgen", licence: "MIT" },
  ase: { debian: "python3-ase", licence: "LGPL-2.1+" },
  openbabel: { debian: "libopenbabel7", licence: "GPL-2" },
  cp2k: { debian: "cp2k-data", licence: "GPL-2+" },
  matterviz: { npm: "matterviz@0.2.1", licence: "MIT" },
} as const;

export interface Sources {
  readonly periodicTable: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Text of data files, by a short name. */
  readonly text: Readonly<Record<"hhi" | "icsd" | "ase" | "alvarez" | "uff" | "dftd3", string>>;
  readonly matterviz: readonly Readonly<Record<string, unknown>>[];
  /** "python3-pymatgen 2022.11.7+dfsg1-11+deb12u2", one per package. */
  readonly versions: readonly string[];
}

/** Fetch what the cache lacks, and read it. */
export async function readSources(cache: string): Promise<Sources> {
  mkdirSync(cache, { recursive: true });
  const at = Object.fromEntries(Object.entries(PACKAGES).map(([name, from]) => [name, "debian" in from ? fetchDebian(cache, from.debian) : fetchNpm(cache, from.npm)]));
  const python = "usr/lib/python3/dist-packages";
  const file = (name: string, path: string) => readFileSync(`${at[name]!.folder}/${path}`, "utf8");
  const { default: matterviz } = (await import(pathToFileURL(`${at["matterviz"]!.folder}/package/dist/element/data.js`).href)) as { default: Sources["matterviz"] };
  return {
    periodicTable: JSON.parse(file("pymatgen", `${python}/pymatgen/core/periodic_table.json`)) as Sources["periodicTable"],
    text: {
      hhi: file("pymatgen", `${python}/pymatgen/analysis/hhi_data.csv`),
      icsd: file("pymatgen", `${python}/pymatgen/analysis/icsd_bv.yaml`),
      ase: file("ase", `${python}/ase/data/__init__.py`),
      alvarez: file("ase", `${python}/ase/data/vdw_alvarez.py`),
      uff: file("openbabel", `usr/share/openbabel/${readdirSync(`${at["openbabel"]!.folder}/usr/share/openbabel`)[0]}/UFF.prm`),
      dftd3: file("cp2k", "usr/share/cp2k/dftd3.dat"),
    },
    matterviz,
    versions: Object.values(at).map(({ version }) => version),
  };
}

interface Fetched {
  readonly folder: string;
  readonly version: string;
}

const matching = (folder: string, prefix: string, suffix: string) => readdirSync(folder).find((name) => name.startsWith(prefix) && name.endsWith(suffix));

function fetchDebian(cache: string, name: string): Fetched {
  const found = () => matching(cache, `${name}_`, ".deb");
  if (found() === undefined) execFileSync("apt-get", ["download", name], { cwd: cache, stdio: ["ignore", "ignore", "inherit"] });
  const deb = found();
  if (deb === undefined) throw new Error(`package not fetched: ${name} — apt-get update, and Debian 12 or later`);
  const folder = `${cache}/${name}`;
  if (!existsSync(folder)) execFileSync("dpkg-deb", ["-x", `${cache}/${deb}`, folder]);
  return { folder, version: `${name} ${deb.split("_")[1]!.replaceAll("%3a", ":")}` };
}

function fetchNpm(cache: string, spec: string): Fetched {
  const [name, version] = spec.split("@") as [string, string];
  const folder = `${cache}/npm-${name}`;
  if (!existsSync(folder)) {
    execFileSync("npm", ["pack", "--silent", spec], { cwd: cache, stdio: ["ignore", "ignore", "inherit"] });
    mkdirSync(folder);
    execFileSync("tar", ["xzf", `${name}-${version}.tgz`, "-C", folder], { cwd: cache });
  }
  return { folder, version: `${name} ${version} (npm)` };
}
