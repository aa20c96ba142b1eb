import type * as Engine from "./engine.js";

type Parts = typeof Engine;
type Whole = typeof globalThis & { iclEngine?: () => Parts };

let loading: Promise<Parts> | undefined;

/** The judge, loaded when first asked for. */
export function engine(): Promise<Parts> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${document.body.dataset.base ?? ""}assets/engine.js`;
    script.onload = () => resolve((globalThis as Whole).iclEngine!());
    script.onerror = () => reject(new Error("assets/engine.js could not be loaded"));
    document.head.append(script);
  });
  return loading;
}

/** What a worker runs: the same judge, by its text. */
export function workerSource(): string {
  return `(${(globalThis as Whole).iclEngine!.toString()})()`;
}

/** Workers to use here. */
export function workersHere(): number {
  return Math.max(1, Math.min(8, navigator.hardwareConcurrency || 2));
}

/** The element of that id. */
export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}
