import { type Backend, openWorkspace, type Workspace } from "./backend.js";

const kept = new Map<Backend, Workspace>();
const largestKept = 2 ** 26;

/**
 * Lends a memory of that size; up to 64 MiB it is kept for the next product, so that small ones do not pay for a new
 * one.
 */
export function withMemory(bytes: number, backend: Backend, use: (workspace: Workspace) => void): void {
  let workspace = kept.get(backend);
  if (workspace === undefined || workspace.buffer.byteLength < bytes) {
    workspace = openWorkspace(
      bytes > largestKept ? bytes : Math.min(largestKept, Math.max(2 * bytes, 2 ** 20)),
      backend,
    );
    if (bytes <= largestKept) kept.set(backend, workspace);
  }
  use(workspace);
}
