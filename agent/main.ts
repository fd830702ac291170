#!/usr/bin/env node
import { commandLine } from "./commandLine.ts";

commandLine(process.argv.slice(2), (text) => process.stderr.write(text)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const name = error instanceof Error ? error.name : "unknown error";
    process.stderr.write(`The agent stopped: ${name}\n`);
    process.exit(1);
  },
);
