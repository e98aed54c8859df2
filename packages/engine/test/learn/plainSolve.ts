/* Gauss-Jordan elimination with row pivoting, for references that are to owe nothing to the code they check. */
export function solveSquare(a: readonly (readonly number[])[], b: readonly number[]): readonly number[] {
  const rows = a.map((row, i) => [...row, b[i]]);
  for (let c = 0; c < rows.length; c++) {
    const pivot = rows.slice(c).reduce((best, row, k) => (Math.abs(row[c]) > Math.abs(rows[best][c]) ? c + k : best), c);
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    for (let r = 0; r < rows.length; r++) {
      if (r === c) continue;
      const times = rows[r][c] / rows[c][c];
      rows[r] = rows[r].map((v, k) => v - times * rows[c][k]);
    }
  }
  return rows.map((row, c) => row[rows.length] / row[c]);
}
