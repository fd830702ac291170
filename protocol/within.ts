/** A deadline of our own has passed; what the call did is not known. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * Puts a deadline round a call whose own limits cannot be relied on.
 * @param milliseconds from now
 * @param late is given what arrives after the deadline, to be closed or counted
 * @throws DeadlineError, or what the call threw in time
 */
export function within<T>(
  milliseconds: number,
  call: Promise<T>,
  late: (value: T) => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    let overdue = false;
    const timer = setTimeout(() => {
      overdue = true;
      reject(new DeadlineError("deadline passed"));
    }, milliseconds);
    call.then(
      (value) => {
        clearTimeout(timer);
        if (overdue) late(value);
        else resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
