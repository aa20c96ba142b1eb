// Worker threads do not inherit the TypeScript loader, so a run from source registers it in each of them.
import { register as registerHooks } from "node:module";
import { register } from "tsx/esm/api";

register();
registerHooks("./cheap-closures.mjs", import.meta.url);
const { default: work } = await import("./worker.ts");
export default work;
