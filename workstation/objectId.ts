/** What an option with an object id of Entra must be. */
export const OBJECT_ID = [
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
  "an object id, a GUID",
] as const;
