import type {} from "vitest";
import type { Verdictable } from "./stats/matchers.js";

export { matchers } from "./stats/matchers.js";

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: the parameter must be declared exactly as vitest declares it
  interface Matchers<T = any> {
    toBeSupported: Verdictable<T>;
    toBeRefuted: Verdictable<T>;
  }
}
