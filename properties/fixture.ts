import { readFileSync } from "node:fs";

/** The golden numbers in fixtures/NAME.json; their `info` says what made them and how accurate they are. */
export function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8")) as T;
}
