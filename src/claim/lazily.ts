/**
 * An object whose parts are made when first read, and kept: a simulation of which one claim wants the limit and another
 * the 300 steps trains only what is looked at.
 *
 * @example
 * const simulation = lazily({ tasks: () => drawTasks(…), limit: () => maxMargin(simulation.tasks) });
 */
export function lazily<T extends object>(parts: { readonly [K in keyof T]: () => T[K] }): Readonly<T> {
  const made = {} as T;
  for (const name of Object.keys(parts) as (keyof T)[]) {
    Object.defineProperty(made, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = parts[name]();
        Object.defineProperty(made, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return made;
}
