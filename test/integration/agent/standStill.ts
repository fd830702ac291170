import { readFileSync } from "node:fs";
import type { Child } from "../../../local/stack/child.ts";
import { until } from "./scriptedCloud.ts";

/** Stops a process in the middle of whatever it does, and waits until it stands still. */
export async function standStill(child: Child): Promise<void> {
  child.kill("SIGSTOP");
  await until("the process stands still", () =>
    / T /.test(readFileSync(`/proc/${child.pid}/stat`, "utf8")),
  );
}
