/** A slider's parameter: its ends, whether it moves on a logarithmic scale, and whether it is a whole number. */
export interface Range {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly log: boolean;
  readonly whole: boolean;
}

const steps = 1000;

/** A value at a slider's place from 0 to 1000, to three digits. */
export function valueAt({ from, to, log, whole }: Range, place: number): number {
  const share = place / steps;
  const value = log ? from * (to / from) ** share : from + (to - from) * share;
  const rounded = Number(value.toPrecision(3));
  return Math.min(to, Math.max(from, whole ? Math.round(rounded) : rounded));
}

/** The place of a value. */
export function placeOf({ from, to, log }: Range, value: number): number {
  const share = log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return Math.round(steps * Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share)));
}

/**
 * Sliders with a number beside each, kept together.
 * @param changed hears of every change with the values as they then are.
 * @returns sets all the values, without being heard.
 */
export function sliders(
  form: HTMLElement,
  ranges: readonly Range[],
  changed: (values: Record<string, number>) => void,
): (values: Readonly<Record<string, number>>) => void {
  const values: Record<string, number> = {};
  const parts = ranges.map((range) => ({
    range,
    slider: form.querySelector<HTMLInputElement>(`[data-parameter="${range.name}"]`)!,
    number: form.querySelector<HTMLInputElement>(`[data-value="${range.name}"]`)!,
  }));
  for (const { range, slider, number } of parts) {
    slider.addEventListener("input", () => {
      values[range.name] = valueAt(range, Number(slider.value));
      number.value = String(values[range.name]);
      slider.setAttribute("aria-valuetext", number.value);
      changed({ ...values });
    });
    number.addEventListener("input", () => {
      values[range.name] = number.value.trim() === "" ? Number.NaN : Number(number.value);
      slider.value = String(placeOf(range, values[range.name]!));
      changed({ ...values });
    });
  }
  return (given) => {
    for (const { range, slider, number } of parts) {
      values[range.name] = given[range.name]!;
      number.value = String(values[range.name]);
      slider.value = String(placeOf(range, values[range.name]!));
      slider.setAttribute("aria-valuetext", number.value);
    }
  };
}
