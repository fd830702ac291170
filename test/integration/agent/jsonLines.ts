/**
 * The records of a log. A line that is still being written, or that a kill has cut off, is none.
 */
export function jsonLines<T>(text: string): T[] {
  return text.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      return [JSON.parse(line) as T];
    } catch {
      return [];
    }
  });
}
