import { checkCount, checkPositive } from "../argument.js";
import type { DualState } from "../transformer/descent/dual.js";

/** A setting: a number, or several of them. */
export type Setting = number | readonly number[];

/** All that a figure's numbers depend on, beside the seed and the version. */
export type Settings = Readonly<Record<string, Setting>>;

/** What a value is: a Monte-Carlo mean with its 95% interval, a formula's value, or one read off a published figure. */
export type Kind = "measured" | "computed" | "published";

/** One value of a figure. `low` and `high` end the 95% interval; both equal the value where there is no Monte Carlo. */
export interface Row {
  readonly panel: string;
  readonly series: string;
  readonly kind: Kind;
  readonly x: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What a part sees of the run that it is a part of. */
export interface Surroundings {
  readonly seed: number;
  /** Told how much of the part is done, from 0 to 1. */
  readonly progress: (share: number) => void;
  /** Where an interrupted training stopped. */
  readonly resume?: DualState;
  /** Given a training under way now and then; it may be kept to resume from. */
  readonly keep: (state: DualState) => void;
}

/** An axis: its title and kind of scale, and the values it begins and ends at where they are not the data's. */
export interface Axis {
  readonly title: string;
  readonly scale: "linear" | "log";
  readonly from?: number;
  readonly to?: number;
  /** Where the ticks stand, if not where the drawing puts them. */
  readonly ticks?: readonly number[];
}

/** A figure: settings in, rows out. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  /** One or two lines under the title: what is shown, and from where. */
  readonly caption: (settings: Settings) => string;
  readonly settings: Settings;
  /** The settings that differ under --quick. */
  readonly quick: Settings;
  readonly x: Axis;
  readonly y: Axis;
  /** Whether each panel has its own scales. */
  readonly ownScales?: boolean;
  /** The series in the legend's order. */
  readonly series: (settings: Settings) => readonly string[];
  /** Series that are not drawn, but in the CSV and the table alone. */
  readonly tabled?: readonly string[];
  /**
   * What is computed apart, each part on a core of its own: settings again. @throws RangeError on settings out of
   * range.
   */
  readonly parts: (settings: Settings) => readonly Settings[];
  readonly compute: (part: Settings, surroundings: Surroundings) => Row[];
  /** The points of the published figure, where these are its settings. */
  readonly published?: (settings: Settings) => readonly Row[];
  /** Lines about the rows, for the terminal. */
  readonly remarks?: (rows: readonly Row[], settings: Settings) => readonly string[];
}

/** A setting that is one number. @throws RangeError when it is several. */
export function numberOf(settings: Settings, name: string): number {
  const value = settings[name];
  if (typeof value !== "number") throw new RangeError(`${name} must be one number, got ${String(value)}`);
  return value;
}

/** A setting as a list. */
export function listOf(settings: Settings, name: string): readonly number[] {
  const value = settings[name];
  return typeof value === "number" ? [value] : (value ?? []);
}

/** A part for each combination of these settings' values, the last one changing fastest. */
export function combinations(settings: Settings, names: readonly string[]): Settings[] {
  return names.reduce<Settings[]>(
    (parts, name) => parts.flatMap((part) => listOf(settings, name).map((value) => ({ ...part, [name]: value }))),
    [settings],
  );
}

/** Settings as `--set` takes them: "d=500,R=2/3". */
export function settingsText(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${typeof value === "number" ? value : value.join("/")}`)
    .join(",");
}

/** Settings that count something, at least 1 of it. */
const counts = [
  ...[
    "d",
    "k",
    "N",
    "B",
    "M",
    "d0",
    "k0",
    "atD",
    "atK",
    "classes",
    "lengths",
    "total",
    "decades",
    "steps",
    "headSteps",
  ],
  ...["tasks", "scaleTasks", "layers", "heads", "width", "prompts", "queries"],
];

/** Settings that an interval is made of: of fewer than 2 there is none. */
const repeats = ["tests", "svmTests", "trainings"];

/** Settings that must be above 0. */
const positive = ["stepSize", "rate", "headRate", "epsilon", "snr", "snr2", "ratio", "norm"];

/** Settings that must not be below 0. */
const sizes = ["R", "testR", "testR0", "p"];

/** The most a count may be: beyond it no array of as many numbers can be made. */
const largestCount = 2 ** 32 - 1;

/**
 * Whether these can be a figure's, asked before anything is computed: a part that refuses its settings does so late.
 * @throws RangeError saying which is not, and what it must be.
 */
export function checkSettings(settings: Settings): void {
  for (const name of Object.keys(settings)) {
    for (const value of listOf(settings, name)) {
      if (counts.includes(name) || repeats.includes(name)) {
        if (value > largestCount) throw new RangeError(`${name} must be at most ${largestCount}, got ${value}`);
        checkCount(name, value, repeats.includes(name) ? 2 : 1);
      }
      if (positive.includes(name)) checkPositive(name, value);
      if (sizes.includes(name) && value < 0) throw new RangeError(`${name} must be at least 0, got ${value}`);
    }
  }
  const [k, d] = [Math.max(...listOf(settings, "k")), Math.max(...listOf(settings, "d"))];
  if (k > d && Number.isFinite(d)) throw new RangeError(`k must not exceed d, got k = ${k}, d = ${d}`);
}

/**
 * The settings changed as "B=100,R=2/3" says. @throws RangeError on a name they have not, listing those they have, on a
 * value that is no finite number, on several values for a setting that is one number, and as `checkSettings`.
 */
export function settingsWith(settings: Settings, changes: string): Settings {
  const result: Record<string, Setting> = { ...settings };
  const set = new Set<string>();
  for (const change of changes.split(",")) {
    const [name = "", text = "", ...more] = change.split("=").map((piece) => piece.trim());
    const before = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (before === undefined) {
      throw new RangeError(`there is no setting "${name}"; there are ${Object.keys(settings).join(", ")}`);
    }
    if (more.length > 0) throw new RangeError(`"${change}" sets more than one value; a setting is name=value`);
    if (set.has(name)) throw new RangeError(`${name} is set twice`);
    set.add(name);
    const values = text.split("/").map((piece) => (piece.trim() === "" ? Number.NaN : Number(piece)));
    if (!values.every(Number.isFinite)) throw new RangeError(`${name} must be finite numbers, got "${text}"`);
    if (typeof before === "number" && values.length > 1)
      throw new RangeError(`${name} must be one number, got ${text}`);
    result[name] = typeof before === "number" ? values[0]! : values;
  }
  checkSettings(result);
  return result;
}

/**
 * A Monte-Carlo mean as a row, with mean ± 1.96 standard errors as its interval.
 * @throws RangeError when there is no standard error, as of fewer than two draws.
 */
export function measured(panel: string, series: string, x: number, value: number, standardError: number): Row {
  if (!Number.isFinite(standardError)) {
    throw new RangeError(`an interval needs at least 2 tests or trainings: ${series}, ${panel}, at ${x} has fewer`);
  }
  const half = 1.96 * standardError;
  return { panel, series, kind: "measured", x, value, low: value - half, high: value + half };
}

/** A value without Monte-Carlo error as a row. */
export function exactly(kind: "computed" | "published", panel: string, series: string, x: number, value: number): Row {
  return { panel, series, kind, x, value, low: value, high: value };
}
