/**
 * A call whose answer serves everybody who asks while it is under way: what many requests read at
 * once is read once. The answer may be older than the question by at most the time of one call.
 */
export function shared<T>(call: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= call().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
