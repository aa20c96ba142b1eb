import { vi } from "vitest";
import { drawHere } from "../../src/claim/drawing.js";
import type { DrawingPool } from "../../src/claim/pool.js";
import { commandLine, runCommandLine } from "../../src/command/program.js";
import type { Registry } from "../../src/command/registry.js";

/** Makes the draws of a registry in this thread. */
export function poolHere({ theorems }: Registry): DrawingPool {
  return { draw: drawHere(theorems), close: async () => undefined };
}

/** What a command line prints and ends with, run in this process: a process of its own takes seconds to start. */
export async function runHere(registry: Registry, args: readonly string[]) {
  let stdout = "";
  let stderr = "";
  const out = (text: string) => {
    stdout += text;
  };
  const err = (text: string) => {
    stderr += text;
  };
  const spies = [
    vi.spyOn(console, "log").mockImplementation((...parts) => out(`${parts.join(" ")}\n`)),
    vi.spyOn(console, "error").mockImplementation((...parts) => err(`${parts.join(" ")}\n`)),
    vi.spyOn(process.stdout, "write").mockImplementation((part) => {
      out(String(part));
      return true;
    }),
  ];
  const program = commandLine(registry);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: out, writeErr: err });
  }
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await runCommandLine(program, args);
    return { code: Number(process.exitCode), stdout, stderr };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}
