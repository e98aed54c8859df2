/* The drawn systems as figures of their own, for a paper or a slide. */
import { join } from "node:path";
import { toPng } from "../../executors/pictures.ts";
import { triangleFigure } from "../../report/screen.ts";
import type { ReportScreen } from "../../report/types.ts";
import type { RunDirectory } from "../../runs/directory.ts";
import { makeDirectory } from "../../runs/files.ts";

/** Pixels across: a column of a journal (86 mm) at 500 dpi. */
const WIDTH = 1680;

/** Write diagrams/<system>.svg and .png. */
export async function writeDiagrams(screen: ReportScreen, dir: RunDirectory): Promise<void> {
  if (screen.triangles.length === 0) return;
  await makeDirectory(join(dir.path, "diagrams"));
  for (const triangle of screen.triangles) {
    const svg = triangleFigure(triangle, screen);
    await dir.write(join("diagrams", `${triangle.name}.svg`), svg);
    await dir.write(join("diagrams", `${triangle.name}.png`), await toPng(svg, { width: WIDTH }));
  }
}
