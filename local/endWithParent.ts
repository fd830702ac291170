/**
 * A module for `--import`, in a process with a channel (`ipc`) to its parent: it is told when the
 * parent dies without a word, and ends too.
 * @param end statements that end the process
 */
export const endWithParent = (end: string): string =>
  `data:text/javascript,${encodeURIComponent(`
  process.channel?.unref();
  process.once("disconnect", () => {
    ${end}
  });
`)}`;
