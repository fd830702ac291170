import { z } from "zod";
import { preAuthorized } from "./azureCli.ts";
import { entry } from "./entries.ts";

const claim = z.looseObject({ name: z.string() });

/** The API's registration as Graph tells it. What is not named here goes back as it came. */
export const application = z.looseObject({
  id: z.guid(),
  appId: z.guid(),
  signInAudience: z.string().nullish(),
  identifierUris: z.array(z.string()).nullish(),
  api: z
    .looseObject({
      requestedAccessTokenVersion: z.number().nullish(),
      oauth2PermissionScopes: z.array(entry).nullish(),
      preAuthorizedApplications: z.array(preAuthorized).nullish(),
    })
    .nullish(),
  appRoles: z.array(entry).nullish(),
  optionalClaims: z.looseObject({ accessToken: z.array(claim).nullish() }).nullish(),
});
export type Application = z.infer<typeof application>;

export const SINGLE_TENANT = "AzureADMyOrg";
export const TOKEN_VERSION = 2;

export const asClaim = (name: string): object => ({
  name,
  essential: false,
  additionalProperties: [],
});
