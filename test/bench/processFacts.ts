import { readFileSync } from "node:fs";

/** Clock ticks a second in /proc, on every Linux. */
const TICKS_PER_SECOND = 100;
const KIB_PER_MIB = 1_024;

/** Resident memory of a process now, in MiB. */
export function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kib === undefined) throw new Error(`no memory of process ${pid}`);
  return Number(kib) / KIB_PER_MIB;
}

/** Processor time that a process has used, in milliseconds. */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in brackets may have blanks; user and system time are the 12th and 13th after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}
