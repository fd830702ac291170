/**
 * Runs a task, and again so many seconds later as it said, until told to stop. Whatever a run
 * throws, the next one comes.
 * @param task resolves with seconds
 * @param afterError told what a run threw; seconds until the next one
 * @returns ends it; a run at work goes on
 */
export function repeat(
  task: () => Promise<number>,
  afterError: (error: unknown) => number,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const run = async (): Promise<void> => {
    const seconds = await task().catch(afterError);
    if (!stopped) timer = setTimeout(() => void run(), seconds * 1_000);
  };
  void run();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
