#!/usr/bin/env node
import { collectWithoutHelpers } from "./command/collector.js";
import { guardProcess } from "./command/streams.js";

// Before all else is loaded, which takes a second or more: Ctrl-C is answered then, too.
guardProcess();
collectWithoutHelpers();
await import("./command-line.js");
