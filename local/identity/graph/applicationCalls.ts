import { randomUUID, X509Certificate } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { namedBy } from "./alternateKey.ts";
import { type ApplicationObject, type Entitlement, notFound } from "./directoryObjects.ts";
import { type GraphCall, GraphError, GraphReply } from "./graphCall.ts";
import { jsonBody } from "./jsonBody.ts";
import { ownersCall } from "./ownersCall.ts";

const READ = ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"];
const WRITE = ["Application.ReadWrite.All"];

const entitlement = z.looseObject({
  id: z.guid(),
  value: z.string().min(1),
  isEnabled: z.boolean(),
});
const keyCredential = z.looseObject({
  type: z.literal("AsymmetricX509Cert"),
  usage: z.literal("Verify"),
  key: z.base64().refine(isCertificate, "no certificate"),
});
/** A property that is not here is refused, as Graph refuses what an application does not have. */
const properties = z.strictObject({
  displayName: z.string().min(1).max(256),
  description: z.string().max(1_024),
  signInAudience: z.enum(["AzureADMyOrg", "AzureADMultipleOrgs"]),
  identifierUris: z.array(z.string().regex(/^api:\/\/[\w-]+$/)),
  api: z.looseObject({
    requestedAccessTokenVersion: z.union([z.literal(1), z.literal(2)]).nullable(),
    oauth2PermissionScopes: z.array(entitlement),
    preAuthorizedApplications: z
      .array(z.strictObject({ appId: z.guid(), delegatedPermissionIds: z.array(z.guid()).min(1) }))
      .optional(),
  }),
  appRoles: z.array(
    entitlement.extend({ allowedMemberTypes: z.array(z.enum(["User", "Application"])).min(1) }),
  ),
  optionalClaims: z.looseObject({ accessToken: z.array(z.looseObject({ name: z.string() })) }),
  keyCredentials: z.array(keyCredential),
  web: z.strictObject({ redirectUris: z.array(z.url({ protocol: /^https$/ })) }),
  requiredResourceAccess: z.array(
    z.strictObject({
      resourceAppId: z.guid(),
      resourceAccess: z.array(z.strictObject({ id: z.guid(), type: z.enum(["Role", "Scope"]) })),
    }),
  ),
});
const someProperties = properties.partial();
const newProperties = someProperties.required({ displayName: true });

/** `GET /applications(uniqueName='…')`, by `appId` or by id. Never met Graph. */
const getApplication: GraphCall = {
  method: "GET",
  path: /^\/applications(\((?:uniqueName|appId)='[^']+'\)|\/[^/()]+)$/,
  permissions: READ,
  answer: ({ objects }, [named = ""], { query }) => {
    const { property, key } = namedBy(named);
    const found = objects.applications.find((one) => Reflect.get(one, property) === key);
    if (!found) throw notFound(key);
    const selected = query.get("$select")?.split(",") ?? Object.keys(found);
    const showsKeys = query.has("$select") && property === "id";
    const fields = Object.entries(found).filter(
      ([name]) => selected.includes(name) && name !== "owners",
    );
    return Object.fromEntries(
      fields.map(([name, value]) => [
        name,
        name === "keyCredentials" && !showsKeys ? found.keyCredentials.map(withoutKey) : value,
      ]),
    );
  },
};

/** Certificates themselves are told of one object, by its id, where they are selected. */
const withoutKey = (credential: object): object => ({ ...credential, key: null });

/** `PATCH /applications(uniqueName='…')` with `Prefer: create-if-missing`. Never met Graph. */
const upsertApplication: GraphCall = {
  method: "PATCH",
  path: /^\/applications\(uniqueName='([^']+)'\)$/,
  permissions: WRITE,
  answer: ({ objects }, [uniqueName = ""], request) => {
    const found = objects.applications.find((one) => one.uniqueName === uniqueName);
    if (found) {
      const changed = changedApplication(found, jsonBody(request, someProperties));
      objects.applications = objects.applications.map((one) => (one === found ? changed : one));
      return new GraphReply(204);
    }
    if (request.headers.prefer !== "create-if-missing") throw notFound(uniqueName);
    const created: ApplicationObject = {
      id: randomUUID(),
      appId: randomUUID(),
      uniqueName,
      signInAudience: "AzureADMyOrg",
      identifierUris: [],
      api: { requestedAccessTokenVersion: null, oauth2PermissionScopes: [] },
      appRoles: [],
      optionalClaims: null,
      keyCredentials: [],
      passwordCredentials: [],
      owners: [],
      requiredResourceAccess: [],
      web: { redirectUris: [] },
      ...given(jsonBody(request, newProperties)),
    };
    objects.applications = [...objects.applications, created];
    return new GraphReply(201, created);
  },
};

/** `PATCH /applications/{id}`. Never met Graph. */
const updateApplication: GraphCall = {
  method: "PATCH",
  path: /^\/applications\/([^/()]+)$/,
  permissions: WRITE,
  answer: ({ objects }, [id = ""], request) => {
    const found = objects.applications.find((one) => one.id === id);
    if (!found) throw notFound(id);
    const changed = changedApplication(found, jsonBody(request, someProperties));
    objects.applications = objects.applications.map((one) => (one === found ? changed : one));
    return new GraphReply(204);
  },
};

const listOwners = ownersCall(
  "applications",
  READ,
  ({ applications }, id) => applications.find((one) => one.id === id)?.owners,
);

export const applicationCalls: readonly GraphCall[] = [
  listOwners,
  getApplication,
  upsertApplication,
  updateApplication,
];

type Given = z.infer<typeof someProperties>;

const given = (sent: Given): Partial<ApplicationObject> => sent as Partial<ApplicationObject>;

/** @throws GraphError for a change of a scope or an app role that is enabled */
function changedApplication(before: ApplicationObject, sent: Given): ApplicationObject {
  const after = { ...before, ...given(sent) };
  assertNoneChangedWhileEnabled(before.appRoles, after.appRoles);
  assertNoneChangedWhileEnabled(
    before.api.oauth2PermissionScopes,
    after.api.oauth2PermissionScopes,
  );
  const { oauth2PermissionScopes: scopes, preAuthorizedApplications = [] } = after.api;
  const ids = preAuthorizedApplications.flatMap((one) => one.delegatedPermissionIds);
  if (!ids.every((id) => scopes.some((scope) => scope.id === id)))
    throw new GraphError(400, "InvalidValue", "A pre-authorized scope does not exist.");
  return after;
}

function assertNoneChangedWhileEnabled(
  before: readonly Entitlement[],
  after: readonly Entitlement[],
): void {
  for (const one of before.filter(({ isEnabled }) => isEnabled)) {
    const next = after.find(({ id }) => id === one.id);
    if (!next || !isDeepStrictEqual({ ...one, isEnabled: false }, { ...next, isEnabled: false }))
      throw new GraphError(
        400,
        "CannotDeleteOrUpdateEnabledEntitlement",
        "Permission (scope or role) cannot be deleted or updated unless disabled first.",
      );
  }
  const values = after.map(({ value }) => value);
  if (new Set(values).size < values.length)
    throw new GraphError(400, "InvalidValue", "Two entries have the same value.");
}

function isCertificate(key: string): boolean {
  try {
    return new X509Certificate(Buffer.from(key, "base64")).raw.length > 0;
  } catch {
    return false;
  }
}
