import { parseJson } from "@password-writeback/protocol/parseJson.ts";
import { connectorName } from "@password-writeback/protocol/request.ts";
import { z } from "zod";

/** Id of a tenant, an application or a group of Entra. */
export const id = z.guid().toLowerCase();

/**
 * Without a trailing slash. A key or a password has no place in it, as a query or anywhere else.
 */
export const url = z
  .url({ protocol: /^https$/ })
  .regex(/^[^?#@]*$/, "is more than an address")
  .transform((text) => text.replace(/\/$/, ""));
export const hostName = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i);

export const flag = z.enum(["true", "false"]).transform((text) => text === "true");

/** Digits alone: an empty text must not read as 0, which lifts some limits. */
export const whole = (lowest: number, highest = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d+$/, "is no whole number")
    .transform(Number)
    .pipe(z.number().min(lowest).max(highest));

/** A text of JSON in which something of this schema stands. */
export const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context) => {
      const found = parseJson(text);
      if (found === undefined) context.addIssue({ code: "custom", message: "is not JSON" });
      return found;
    })
    .pipe(schema);

/** Id of an authentication context of Conditional Access. */
export const authenticationContext = z.string().regex(/^c[1-9]\d?$/);

/** A connector and the Active Directory domains whose accounts it serves. */
const connector = z.strictObject({
  name: connectorName,
  domains: z.array(z.string().min(1).max(255).toLowerCase()).min(1),
});
export type Connector = z.infer<typeof connector>;

const isUnique = (values: readonly string[]): boolean => new Set(values).size === values.length;
export const connectors = z
  .array(connector)
  .min(1)
  .refine((list) => isUnique(list.map(({ name }) => name)), "names one connector twice")
  .refine((list) => isUnique(list.flatMap(({ domains }) => domains)), "names one domain twice");
