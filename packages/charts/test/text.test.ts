import { expect, test } from "vitest";
import * as fc from "fast-check";
import { placeLegend, rowsOf } from "../src/legend.ts";
import { readable, tickTexts } from "../src/number.ts";
import { running } from "../src/running.ts";
import { extent, horizontal, widen } from "../src/scale.ts";
import { el, escapeText, line } from "../src/svg.ts";
import { fit, widthOf } from "../src/text.ts";
import { inkOn } from "../src/theme.ts";

test.each([
  [0, "0"], [1.23456, "1.23"], [-0.5, "−0.5"], [12345, "12345"], [1e5, "1×10⁵"], [0.000123, "1.23×10⁻⁴"], [-1.2e-12, "−1.2×10⁻¹²"], [Number.NaN, "—"], [Number.POSITIVE_INFINITY, "∞"], [Number.NEGATIVE_INFINITY, "−∞"],
])("%d reads %s", (value, text) => expect(readable(value)).toBe(text));

test.each([
  [[0, 0.5, 1], ["0", "0.5", "1.0"]],
  [[1000.1, 1000.2], ["1000.1", "1000.2"]],
  [[0, 1e-4, 2e-4], ["0", "1×10⁻⁴", "2×10⁻⁴"]],
  [[1.5e6, 2e6], ["1.5×10⁶", "2.0×10⁶"]],
  [[], []],
])("ticks %j read %j", (ticks, texts) => expect(tickTexts(ticks)).toEqual(texts));

test("labels of neighbouring ticks differ and stand clear of each other", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (low, span) => {
      const { map, ticks } = horizontal({ title: "", domain: [low, low + span] }, [60, 400]);
      ticks.slice(1).forEach((tick, i) => {
        const before = ticks[i]!;
        expect(map(tick.at) - map(before.at)).toBeGreaterThan((widthOf(tick.text, 12) + widthOf(before.text, 12)) / 2);
      });
    }),
    { seed: 1 },
  );
});

test("a range is a proper interval whatever it is made from", () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (values) => {
      const [low, high] = widen(extent(values));
      expect(low).toBeLessThan(high);
      expect(Number.isFinite(high - low)).toBe(true);
    }),
    { seed: 1 },
  );
});

test("a legend never runs out of its figure", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 200 }), { maxLength: 8 }), (names) => {
      const placed = placeLegend(names.map((name) => ({ name, colour: "#000" })), 300);
      for (const { x, name } of placed) expect(x + 18 + widthOf(name, 11)).toBeLessThanOrEqual(300);
      expect(rowsOf(placed)).toBeLessThanOrEqual(names.length);
    }),
    { seed: 1 },
  );
});

test("text that is cut keeps its beginning and its end", () => expect(fit("volume expansion coefficient / 1/K", 120, 12)).toBe("volume expa…/ 1/K"));

test("text that fits is not touched", () => expect(fit("gap / eV", 120, 12)).toBe("gap / eV"));

test("escaped text holds no markup and nothing that XML forbids", () => expect(escapeText(`<a href="x">'&\u0000\ud800</a>`)).toBe("&lt;a href=&quot;x&quot;&gt;&#39;&amp;\ufffd\ufffd&lt;/a&gt;"));

test("an element without a place is not drawn, one far away stays far away", () => {
  expect(el("circle", { cx: Number.NaN, cy: 1 })).toBe("");
  expect(el("circle", { cx: Number.POSITIVE_INFINITY, cy: -0.01 })).toBe('<circle cx="100000" cy="0"/>');
});

test("a path breaks where a point has no place", () => expect(line([[0, 0], [1, 1], [Number.NaN, 2], [3, 3], [4, 4]])).toBe("M0,0L1,1M3,3L4,4"));

test("running statistics are those of neighbours", () => {
  const x = Array.from({ length: 20 }, (_, i) => i);
  expect(running(x, x.map((v) => (v < 10 ? 1 : 3))).map((r) => r.mean)).toEqual([1, 3]);
  expect(running([1, Number.NaN], [1, 1])).toEqual([]);
});

test.each([[0, "#1d2733"], [1, "#ffffff"]])("text on shade %d is %s", (t, ink) => expect(inkOn(t)).toBe(ink));
