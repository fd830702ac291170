/** Ends a command. The message is for the person at the keyboard: ours, never a library's. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
