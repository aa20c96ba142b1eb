import { join } from "node:path";
import { defaultBackend } from "../linalg/kernels/backend.js";
import { version } from "../report/version.js";
import { writeWhole } from "../report/whole-file.js";
import { dropCheckpoint, loadCheckpoint, saveCheckpoint } from "./checkpoint.js";
import { type Figure, type Row, type Settings, settingsText } from "./figure.js";
import { specification, toPng, toSvg } from "./picture.js";
import type { PartRunner } from "./pool.js";
import { roundedRows, tableLines, toCsv } from "./rows.js";

/** How to draw a figure: at which settings and seed, where to, and who makes the parts. */
export interface FigureRun {
  readonly settings: Settings;
  readonly seed: number;
  readonly directory: string;
  /** The files' name before .svg, .png, .csv. */
  readonly name: string;
  readonly run: PartRunner;
  /** Told how much of the whole is done, from 0 to 1. */
  readonly progress: (share: number) => void;
  readonly line: (text: string) => void;
}

/**
 * Computes a figure's parts, writes its SVG, PNG and CSV and prints its table. Trainings under way are kept in
 * checkpoints beside the files, resumed by a run of the same settings, and removed at the end.
 * @throws RangeError on settings out of range, or a checkpoint of other settings.
 */
export async function renderFigure(figure: Figure, options: FigureRun): Promise<Row[]> {
  const { settings, seed, directory, name, run, progress, line } = options;
  const parts = figure.parts(settings);
  const shares = new Float64Array(parts.length);
  const tell = (part: number, share: number) => {
    shares[part] = share;
    progress(shares.reduce((sum, value) => sum + value, 0) / parts.length);
  };
  const kept = parts.map((part, i) => ({
    path: join(directory, `${name}.part-${i + 1}.checkpoint.json`),
    origin: { figure: figure.id, settings: part, seed, version },
  }));
  const resume = kept.map(({ path, origin }) => loadCheckpoint(path, origin));
  resume.forEach((state, i) => {
    if (state) line(`resuming part ${i + 1} of ${parts.length} at step ${state.step}`);
  });
  const made = await Promise.all(
    parts.map(async (part, i) => {
      let rows: Row[] | undefined;
      let failure: Error | undefined;
      const from = resume[i];
      await run({ figure: figure.id, part, seed, ...(from ? { resume: from } : {}) }, (message) => {
        if (message.kind === "progress") tell(i, message.share);
        else if (message.kind === "state") saveCheckpoint(kept[i]!.path, kept[i]!.origin, message.state);
        else if (message.kind === "rows") rows = message.rows;
        else failure = message.usage ? new RangeError(message.message) : new Error(message.message);
      });
      if (failure) throw failure;
      if (!rows) throw new Error(`part ${i + 1} of figure ${figure.id} ended without rows`);
      tell(i, 1);
      return rows;
    }),
  );
  const rows = roundedRows([...made.flat(), ...(figure.published?.(settings) ?? [])]);
  const path = (ending: string) => join(directory, `${name}.${ending}`);
  const about = {
    figure: figure.id,
    title: figure.title,
    settings: settingsText(settings),
    seed,
    version,
    backend: defaultBackend,
  };
  line(`${figure.title}\n${figure.caption(settings)}`);
  for (const text of tableLines(rows, figure.x.title)) line(text);
  for (const text of figure.remarks?.(rows, settings) ?? []) line(text);
  // Last: a table on the terminal survives a full disk.
  writeWhole(path("csv"), toCsv(rows, about));
  const svg = await toSvg(specification(figure, settings, rows));
  writeWhole(path("svg"), svg);
  writeWhole(path("png"), toPng(svg));
  for (const checkpoint of kept) dropCheckpoint(checkpoint.path);
  line(`\n${path("{svg,png,csv}")}; settings ${about.settings}; seed ${seed}`);
  return rows;
}
