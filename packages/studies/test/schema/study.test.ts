import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { checkStudy, parseStudy, setPath, studyJsonSchema, studyText } from "@tatara/studies/schema";

const GOOD = `study: invert
domain: polymer
data: { table: optical-polymers, properties: { gap: { unit: eV } } }
target: { gap: ">= 3 eV" }
`;

const messageOf = (text: string, file = "study.yaml"): string => {
  try {
    checkStudy(parseStudy(text, file));
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

test("YAML, JSON and TOML of one study resolve to the same", () => {
  const yaml = checkStudy(parseStudy(GOOD, "s.yaml"));
  const json = checkStudy(parseStudy(JSON.stringify({ study: "invert", domain: "polymer", data: { table: "optical-polymers", properties: { gap: { unit: "eV" } } }, target: { gap: ">= 3 eV" } }), "s.json"));
  const toml = checkStudy(parseStudy('study = "invert"\ndomain = "polymer"\n[data]\ntable = "optical-polymers"\n[data.properties.gap]\nunit = "eV"\n[target]\ngap = ">= 3 eV"\n', "s.toml"));
  expect(json).toEqual(yaml);
  expect(toml).toEqual(yaml);
});

test("JSON is read as JSON, whatever YAML thinks of it", () => {
  const long = "x".repeat(2000);
  expect(parseStudy(`{\t"study": "fit",\n\t"${long}":\t{ "a": [1, 2e3, "\\u00e4\\/"] } }`, "s.json").value).toEqual({ study: "fit", [long]: { a: [1, 2000, "ä/"] } });
});

test("a resolved study reads back as itself", () => {
  const study = checkStudy(parseStudy(GOOD, "s.yaml"));
  expect(checkStudy(parseStudy(studyText(study), "s.yaml"))).toEqual(study);
});

describe("problems are told with line, value and what would be right", () => {
  test.each<[string, string, RegExp]>([
    ["unknown field", `${GOOD}targets: { gap: "> 3" }\n`, /study\.yaml:5:1: unknown field: "targets" — did you mean "target"\?/],
    ["unknown field in a section", GOOD.replace("table:", "tabel:"), /study\.yaml:3:\d+: unknown field: "data\.tabel" — did you mean "table"\?/],
    ["missing section", "study: fit\ndomain: molecule\n", /missing field: data/],
    ["missing study", "domain: molecule\n", /missing field: study — one of fit, invert/],
    ["misspelt study", "study: inverse\n", /unknown study: "inverse" — did you mean "invert"\?/],
    ["misspelt split", `${GOOD}learn: { split: clusters }\n`, /learn\.split: "clusters" is not known — did you mean "cluster"\?/],
    ["a number out of range", `${GOOD}generate: { particles: 3 }\n`, /generate\.particles: 3 is out of range — at least 10/],
    ["text where a number belongs", `${GOOD}generate: { particles: many }\n`, /generate\.particles is "many" — a (whole )?number is needed/],
    ["broken YAML", "study: [fit\ndomain: x\n", /study\.yaml:\d+:\d+: not valid YAML/],
    ["a key named twice", "study: fit\nstudy: invert\n", /not valid YAML: Map keys must be unique/],
    ["a list", "- study\n", /a study is a mapping/],
    ["nothing", "", /a study is a mapping/],
    ["binary", "\0\0\0", /binary data/],
    ["prototype pollution", `${GOOD}__proto__: { polluted: true }\n`, /forbidden key: "__proto__"/],
    ["prototype pollution deep inside", GOOD.replace("unit: eV", "constructor: { prototype: { polluted: true } }"), /forbidden key: "data\.properties\.gap\.constructor"/],
  ])("%s", (_, text, message) => expect(messageOf(text)).toMatch(message));

  test("JSON cannot pollute either", () => {
    expect(messageOf('{"study": "fit", "__proto__": {"polluted": true}}', "s.json")).toMatch(/forbidden key/);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("several problems come at once", () => {
    expect(messageOf(`${GOOD}seed: -1\nworkrs: 2\n`)).toMatch(/2 problems in study\.yaml/);
  });

  test("TOML problems stand at the key of their own table, not at its namesake", () => {
    const { locate } = parseStudy('study = "fit"\n[data.properties]\nlogS = { unit = "eV" }\n"my gap" = { unit = "eV" }\n[target] # wishes\nlogS = "> 3"\n[data]\ntable = "t.csv"\n[generate]\ncorpus.table = "c.csv"\n', "s.toml");
    const lineOf = (...path: string[]) => locate(path)?.line;
    expect([lineOf("target", "logS"), lineOf("data", "properties", "logS", "unit"), lineOf("data", "properties", "my gap"), lineOf("target"), lineOf("target", "gap"), lineOf("generate", "corpus", "table"), lineOf("learn")]).toEqual([6, 3, 4, 5, 5, 10, undefined]);
  });
  test("TOML problems have lines too", () => {
    expect(messageOf('study = "fit"\ndomain = \n', "s.toml")).toMatch(/s\.toml:2:\d+: not valid TOML/);
    expect(messageOf('study = "fit"\ndomain = "molecule"\nsede = 3\n[data]\ntable = "t.csv"\n[data.properties.x]\n', "s.toml")).toMatch(/s\.toml:3:1: unknown field: "sede" — did you mean "seed"/);
  });

  test("an alias bomb is refused", () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefgh".split("").map((c, i) => `${c}: &${c} [${Array.from({ length: 9 }, () => `*${"abcdefg"[i]}`).join(",")}]`).join("\n")}\nstudy: fit\n`;
    expect(messageOf(bomb)).toMatch(/not a study/);
  });
});

describe("--set", () => {
  test("sets a path and keeps the rest", () => {
    expect(setPath({ a: { b: 1, c: 2 } }, "a.b=[1, 2]")).toEqual({ a: { b: [1, 2], c: 2 } });
    expect(setPath({}, "generate.particles=200")).toEqual({ generate: { particles: 200 } });
  });
  test("a target that begins with > needs no quotes that survive the shell", () => {
    expect(setPath({}, "target.gap=>= 3 eV")).toEqual({ target: { gap: ">= 3 eV" } });
    expect(setPath({}, "target.gap=> 3")).toEqual({ target: { gap: "> 3" } });
    expect(setPath({}, "target.gap=< 3")).toEqual({ target: { gap: "< 3" } });
  });
  test.each(["novalue", "=3", "a..b=1", "__proto__.x=1", "a.constructor=1"])("%s is refused", (text) => expect(() => setPath({}, text)).toThrow(/not an? (assignment|path)/));
});

test("the published schema names every field with its meaning", () => {
  const text = JSON.stringify(studyJsonSchema());
  for (const field of ["table", "represent", "target", "particles", "coverage"]) expect(text).toContain(`"${field}"`);
  expect(text).toContain("draft/2020-12");
});

test("docs/study.schema.json is the schema of this build (tatara schema > docs/study.schema.json)", async () => {
  const published = await readFile(new URL("../../../../docs/study.schema.json", import.meta.url), "utf8");
  expect(JSON.parse(published)).toEqual(studyJsonSchema());
});
