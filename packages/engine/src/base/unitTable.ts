/*
 * The units that can be named. Scales to SI: exact by the 2019 SI where they are defined, else CODATA 2018
 * (https://physics.nist.gov/constants); US customary ones from NIST SP 811.
 */
import type { Dimension } from "./unit.ts";

export interface NamedUnit {
  readonly dimension: Dimension;
  readonly scale: number;
  /** Kelvin at zero, for affine temperatures. */
  readonly offset?: number;
  /** Takes SI prefixes. */
  readonly prefixes?: true;
}

const dim = (m = 0, kg = 0, s = 0, A = 0, K = 0, mol = 0, cd = 0): Dimension => [m, kg, s, A, K, mol, cd];
const NUMBER = dim();
const LENGTH = dim(1);
const MASS = dim(0, 1);
const TIME = dim(0, 0, 1);
const ENERGY = dim(2, 1, -2);
const PRESSURE = dim(-1, 1, -2);
const TEMPERATURE = dim(0, 0, 0, 0, 1);

const plain = (dimension: Dimension, scale: number): NamedUnit => ({ dimension, scale });
const metric = (dimension: Dimension, scale = 1): NamedUnit => ({ dimension, scale, prefixes: true });

const ELEMENTARY_CHARGE = 1.602176634e-19;
const HARTREE = 4.3597447222071e-18;
/** 10⁻²¹ C m²/s over the speed of light. */
const DEBYE = 1e-21 / 299792458;
const BOHR = 5.29177210903e-11;

export const UNITS: Readonly<Record<string, NamedUnit>> = {
  m: metric(LENGTH), meter: plain(LENGTH, 1), metre: plain(LENGTH, 1), micron: plain(LENGTH, 1e-6), angstrom: plain(LENGTH, 1e-10), Angstrom: plain(LENGTH, 1e-10), "Å": plain(LENGTH, 1e-10),
  bohr: plain(LENGTH, BOHR), Bohr: plain(LENGTH, BOHR), inch: plain(LENGTH, 0.0254), ft: plain(LENGTH, 0.3048), mil: plain(LENGTH, 2.54e-5),
  g: metric(MASS, 1e-3), gram: plain(MASS, 1e-3), t: plain(MASS, 1e3), tonne: plain(MASS, 1e3), Da: metric(MASS, 1.6605390666e-27), amu: plain(MASS, 1.6605390666e-27), lb: plain(MASS, 0.45359237), oz: plain(MASS, 0.028349523125),
  s: metric(TIME), sec: plain(TIME, 1), second: plain(TIME, 1), min: plain(TIME, 60), minute: plain(TIME, 60), h: plain(TIME, 3600), hr: plain(TIME, 3600), hour: plain(TIME, 3600),
  d: plain(TIME, 86400), day: plain(TIME, 86400), week: plain(TIME, 604800), year: plain(TIME, 31557600), yr: plain(TIME, 31557600),
  A: metric(dim(0, 0, 0, 1)), ampere: plain(dim(0, 0, 0, 1), 1),
  K: metric(TEMPERATURE), kelvin: plain(TEMPERATURE, 1), Kelvin: plain(TEMPERATURE, 1),
  degC: { dimension: TEMPERATURE, scale: 1, offset: 273.15 }, "°C": { dimension: TEMPERATURE, scale: 1, offset: 273.15 }, oC: { dimension: TEMPERATURE, scale: 1, offset: 273.15 }, celsius: { dimension: TEMPERATURE, scale: 1, offset: 273.15 }, Celsius: { dimension: TEMPERATURE, scale: 1, offset: 273.15 },
  degF: { dimension: TEMPERATURE, scale: 5 / 9, offset: (459.67 * 5) / 9 }, "°F": { dimension: TEMPERATURE, scale: 5 / 9, offset: (459.67 * 5) / 9 }, fahrenheit: { dimension: TEMPERATURE, scale: 5 / 9, offset: (459.67 * 5) / 9 },
  mol: metric(dim(0, 0, 0, 0, 0, 1)), mole: plain(dim(0, 0, 0, 0, 0, 1), 1), cd: metric(dim(0, 0, 0, 0, 0, 0, 1)), lm: metric(dim(0, 0, 0, 0, 0, 0, 1)), lx: metric(dim(-2, 0, 0, 0, 0, 0, 1)),
  "%": plain(NUMBER, 0.01), percent: plain(NUMBER, 0.01), "‰": plain(NUMBER, 1e-3), ppm: plain(NUMBER, 1e-6), ppb: plain(NUMBER, 1e-9),
  "wt%": plain(NUMBER, 0.01), "mol%": plain(NUMBER, 0.01), "at%": plain(NUMBER, 0.01), "vol%": plain(NUMBER, 0.01), phr: plain(NUMBER, 0.01),
  dimensionless: plain(NUMBER, 1), unitless: plain(NUMBER, 1), fraction: plain(NUMBER, 1), atom: plain(NUMBER, 1), particle: plain(NUMBER, 1), count: plain(NUMBER, 1),
  rad: metric(NUMBER), deg: plain(NUMBER, Math.PI / 180), degree: plain(NUMBER, Math.PI / 180), "°": plain(NUMBER, Math.PI / 180),
  Hz: metric(dim(0, 0, -1)), rpm: plain(dim(0, 0, -1), 1 / 60), Bq: metric(dim(0, 0, -1)),
  N: metric(dim(1, 1, -2)), dyn: plain(dim(1, 1, -2), 1e-5), lbf: plain(dim(1, 1, -2), 4.4482216152605),
  Pa: metric(PRESSURE), bar: metric(PRESSURE, 1e5), atm: plain(PRESSURE, 101325), Torr: metric(PRESSURE, 101325 / 760), torr: plain(PRESSURE, 101325 / 760), mmHg: plain(PRESSURE, 133.322387415), psi: plain(PRESSURE, 6894.757293168),
  P: metric(dim(-1, 1, -1), 0.1), St: metric(dim(2, 0, -1), 1e-4),
  J: metric(ENERGY), joule: plain(ENERGY, 1), eV: metric(ENERGY, ELEMENTARY_CHARGE), electronvolt: plain(ENERGY, ELEMENTARY_CHARGE), cal: metric(ENERGY, 4.184), erg: plain(ENERGY, 1e-7), Wh: metric(ENERGY, 3600),
  hartree: plain(ENERGY, HARTREE), Hartree: plain(ENERGY, HARTREE), Eh: metric(ENERGY, HARTREE), Ha: metric(ENERGY, HARTREE), Ry: metric(ENERGY, HARTREE / 2), rydberg: plain(ENERGY, HARTREE / 2), Btu: plain(ENERGY, 1055.05585262),
  W: metric(dim(2, 1, -3)), watt: plain(dim(2, 1, -3), 1),
  C: metric(dim(0, 0, 1, 1)), coulomb: plain(dim(0, 0, 1, 1), 1), Ah: metric(dim(0, 0, 1, 1), 3600), e: plain(dim(0, 0, 1, 1), ELEMENTARY_CHARGE),
  V: metric(dim(2, 1, -3, -1)), volt: plain(dim(2, 1, -3, -1), 1), F: metric(dim(-2, -1, 4, 2)), ohm: metric(dim(2, 1, -3, -2)), "Ω": metric(dim(2, 1, -3, -2)), S: metric(dim(-2, -1, 3, 2)),
  Wb: metric(dim(2, 1, -2, -1)), T: metric(dim(0, 1, -2, -1)), H: metric(dim(2, 1, -2, -2)), Oe: metric(dim(-1, 0, 0, 1), 1000 / (4 * Math.PI)), emu: metric(dim(2, 0, 0, 1), 1e-3),
  D: plain(dim(1, 0, 1, 1), DEBYE), debye: plain(dim(1, 0, 1, 1), DEBYE), Debye: plain(dim(1, 0, 1, 1), DEBYE),
  muB: plain(dim(2, 0, 0, 1), 9.2740100783e-24), "µB": plain(dim(2, 0, 0, 1), 9.2740100783e-24),
  L: metric(dim(3), 1e-3), l: metric(dim(3), 1e-3), liter: plain(dim(3), 1e-3), litre: plain(dim(3), 1e-3), cc: plain(dim(3), 1e-6), M: metric(dim(-3, 0, 0, 0, 0, 1), 1e3),
  Barrer: plain(dim(0, -1, 1, 0, 0, 1), 3.3463989e-16), barrer: plain(dim(0, -1, 1, 0, 0, 1), 3.3463989e-16), GPU: plain(dim(-1, -1, 1, 0, 0, 1), 3.3463989e-10),
};

export const PREFIXES: Readonly<Record<string, number>> = {
  Q: 1e30, R: 1e27, Y: 1e24, Z: 1e21, E: 1e18, P: 1e15, T: 1e12, G: 1e9, M: 1e6, k: 1e3, h: 1e2, da: 1e1, d: 1e-1, c: 1e-2, m: 1e-3, "µ": 1e-6, u: 1e-6,
  n: 1e-9, p: 1e-12, f: 1e-15, a: 1e-18, z: 1e-21, y: 1e-24, r: 1e-27, q: 1e-30,
};
