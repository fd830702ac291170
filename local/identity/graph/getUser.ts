import { type GraphPerson, isSelectable } from "../people.ts";
import { GRAPH } from "../resource.ts";
import { type GraphCall, GraphError } from "./graphCall.ts";

const DEFAULT_SELECTION: readonly (keyof GraphPerson)[] = [
  "displayName",
  "userPrincipalName",
  "id",
];

/** `GET /users/{id | userPrincipalName}`. */
export const getUser: GraphCall = {
  method: "GET",
  path: /^\/users\/([^/]+)$/,
  permissions: ["User.Read.All"],
  answer: ({ people }, [key = ""], { query }) => {
    const person = people.find(key);
    if (!person)
      throw new GraphError(404, "Request_ResourceNotFound", `Resource '${key}' does not exist.`);
    const selected = query.get("$select")?.split(",") ?? DEFAULT_SELECTION;
    const unknown = selected.find((name) => !isSelectable(name));
    if (unknown !== undefined) {
      const text = `Could not find a property named '${unknown}' on type 'microsoft.graph.user'.`;
      throw new GraphError(400, "BadRequest", text);
    }
    const names = selected.filter(isSelectable);
    const context = `${GRAPH}/v1.0/$metadata#users(${names.join(",")})/$entity`;
    const fields = names.map((name) => [name, person[name] ?? null]);
    return { "@odata.context": context, ...Object.fromEntries(fields) };
  },
};
