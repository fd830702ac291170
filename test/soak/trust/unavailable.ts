import { ApiError } from "../../../functions/http/apiError.ts";

/**
 * Something of which every member, and every answer, is out of reach: a peer of the functions that
 * has gone. A call that gets as far as asking it was taken.
 */
export function unavailable(): unknown {
  const gone: unknown = new Proxy(() => {}, {
    get: (_, name) => (name === "then" ? undefined : gone),
    apply: () => {
      const answer = Promise.reject(new ApiError("recordsUnavailable"));
      // Some are not awaited where the call has failed before.
      answer.catch(() => {});
      return answer;
    },
  });
  return gone;
}
