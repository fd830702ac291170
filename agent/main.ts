#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import { commandLine } from "./commandLine.ts";

// Keeps the memory of a busy agent flat: V8 would otherwise let garbage pile up as far as the
// machine's memory suggests (measured: 160 MB instead of 280 MB after 10,000 requests).
setFlagsFromString("--semi-space-growth-factor=1");

commandLine(process.argv.slice(2), (text) => process.stderr.write(text)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const name = error instanceof Error ? error.name : "unknown error";
    process.stderr.write(`The agent stopped: ${name}\n`);
    process.exit(1);
  },
);
