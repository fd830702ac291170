/** Whether this process has been asked to end. */
export interface Asked {
  readonly ending: boolean;
}

/**
 * Stops what this process has started before it ends, when it is asked to by Ctrl-C, `kill` or a
 * terminal that closes. Asked again meanwhile, it goes on stopping.
 * @param code exit code after a stop; 1 after one that failed
 */
export function endOnSignal(stop: () => Promise<unknown>, code: number): Asked {
  const asked = { ending: false };
  const end = (): void => {
    if (asked.ending) return;
    asked.ending = true;
    process.stderr.write("\nStopping …\n");
    stop().then(
      () => process.exit(code),
      () => process.exit(1),
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  return asked;
}
