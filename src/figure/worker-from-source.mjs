// Worker threads do not inherit the TypeScript loader, so a run from source registers it in each of them.
import { register } from "tsx/esm/api";

register();
await import("./worker.ts");
