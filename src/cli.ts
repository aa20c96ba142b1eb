#!/usr/bin/env node
import { guardProcess } from "./command/streams.js";

// Before all else is loaded, which takes a second or more: Ctrl-C is answered then, too.
guardProcess();
await import("./command-line.js");
