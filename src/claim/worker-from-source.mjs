// Worker threads do not inherit the TypeScript loader, so a run from source registers it in each of them.
import { register } from "tsx/esm/api";

register();
const { default: work } = await import("./worker.ts");
export default work;
