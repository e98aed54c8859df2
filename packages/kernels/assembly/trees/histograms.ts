/* Plain histograms, for callers that grow their trees themselves. */

/** Σ value and Σ weight per (feature, bin): out is features × 256 × 2. `list` holds `count` rows; `packed` is n × (value, weight). */
export function histogramPairs(bins: usize, rows: i32, features: i32, list: usize, count: i32, packed: usize, out: usize): void {
  memory.fill(out, 0, <usize>features << 12);
  for (let f = 0; f < features; f++) {
    const column = bins + <usize>f * rows;
    const h0 = out + (<usize>f << 12);
    for (let i = 0; i < count; i++) {
      const r = load<i32>(list + (<usize>i << 2));
      const h = h0 + (<usize>load<u8>(column + r) << 4);
      v128.store(h, f64x2.add(v128.load(h), v128.load(packed + (<usize>r << 4))));
    }
  }
}

/** Σ weight per (feature, bin, class): out is features × 256 × k. */
export function histogramByClass(bins: usize, rows: i32, features: i32, list: usize, count: i32, codes: usize, w: usize, k: i32, out: usize): void {
  memory.fill(out, 0, <usize>features * 256 * k * 8);
  for (let f = 0; f < features; f++) {
    const column = bins + <usize>f * rows;
    const h0 = out + <usize>f * 256 * k * 8;
    for (let i = 0; i < count; i++) {
      const r = load<i32>(list + (<usize>i << 2));
      const h = h0 + (<usize>load<u8>(column + r) * k + load<i32>(codes + (<usize>r << 2))) * 8;
      store<f64>(h, load<f64>(h) + load<f64>(w + (<usize>r << 3)));
    }
  }
}
