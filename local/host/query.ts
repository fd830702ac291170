/** As the Functions host hands it over: values of a repeated key are one, joined by a comma. */
export function joinedQuery(query: URLSearchParams): Record<string, string> {
  const keys = [...new Set(query.keys())];
  return Object.fromEntries(keys.map((key) => [key, query.getAll(key).join(",")]));
}
