import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { TableClient, TableServiceClient } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import type { FIRST_TRUST_TABLE } from "../../../functions/records/firstTrustList.ts";
import type { TableName } from "../../../functions/records/tableDescriptions.ts";
import type { GraphPerson } from "../../../local/identity/people.ts";
import { DOMAIN, type SampleUser } from "../../../local/samples.ts";
import { graphPeople } from "../../../local/stack/graphPeople.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import type { Script } from "./scriptedAgent.ts";

/** One shape for every body that tests look into. */
interface Body {
  readonly error?: { readonly target?: string; readonly innerError?: { readonly code?: string } };
  readonly [name: string]: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `innerError.code` of an error answer. */
  readonly code: string | undefined;
  readonly body: Body;
}

export interface Sent {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly method?: string;
}

export const PASSWORD_METHOD = "28c10230-6103-485e-b985-444c60001490";

/** Waits for something to hold. @throws Error after `milliseconds` */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  milliseconds = 8_000,
): Promise<void> {
  for (const until = Date.now() + milliseconds; !(await holds()); await delay(20))
    if (Date.now() > until) throw new Error(`it did not happen: ${what}`);
}

/** The cloud half with what its tests need round it: people, calls, a look into the tables. */
export class TestCloud {
  /** The cloud half itself and its peers. */
  readonly half: Cloud;
  private readonly people: GraphPerson[] = graphPeople(new Map());

  private readonly scripts = new Map<string, Script>();

  private constructor(half: Cloud) {
    this.half = half;
    half.agent.script = (request, message) => {
      const script =
        request.operation === "probe" ? undefined : this.scripts.get(request.target.id);
      return script ? script(request, message) : { status: "succeeded" };
    };
  }

  static async start(settings?: Record<string, string>): Promise<TestCloud> {
    return new TestCloud(await startCloud(settings));
  }

  /** Somebody new, whose account nobody has touched yet. */
  person(changes: Partial<GraphPerson> = {}): SampleUser {
    const name = `person${this.people.length}`;
    const sourceAnchor = Buffer.from(randomUUID().replaceAll("-", ""), "hex").toString("base64");
    const person: GraphPerson = {
      id: randomUUID(),
      userPrincipalName: `${name}@${DOMAIN}`,
      onPremisesSyncEnabled: true,
      onPremisesImmutableId: sourceAnchor,
      onPremisesSecurityIdentifier: `S-1-5-21-1-2-3-${2_000 + this.people.length}`,
      onPremisesDomainName: DOMAIN,
      ...changes,
    };
    this.people.push(person);
    this.half.identity.people.set(this.people);
    const names = { givenName: name, surname: name, password: "", about: "ordinary" } as const;
    return { id: person.id, name, sourceAnchor, ...names };
  }

  /** What the agent does with requests about somebody from now on. */
  answers(user: SampleUser, script: Script): void {
    this.scripts.set(user.id, script);
  }

  /** Somebody about whom the agent takes requests and never answers. */
  silentPerson(): SampleUser {
    const person = this.person();
    this.answers(person, () => undefined);
    return person;
  }

  /** Somebody of whose operations the agent says at once that nobody knows how they ended. */
  unresolvedPerson(): SampleUser {
    const person = this.person();
    this.answers(person, () => ({ status: "unknown", code: "outcomeUnknown" }));
    return person;
  }

  async send(path: string, { token, body, headers, method = "POST" }: Sent = {}): Promise<Answer> {
    const answer = await fetch(new URL(path, this.half.url), {
      method,
      headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const parsed = (text === "" ? {} : JSON.parse(text)) as Body;
    const code = parsed.error?.innerError?.code;
    return { status: answer.status, headers: answer.headers, text, code, body: parsed };
  }

  get(path: string, token: string): Promise<Answer> {
    return this.send(path, { token, method: "GET" });
  }

  /** A person changes their own password. */
  async change(user: SampleUser, headers: Record<string, string> = {}, newPassword = "N3w-Pass-1") {
    const token = await this.half.tokens.user(user);
    const body = { currentPassword: "Old-Pass-1", newPassword };
    return this.send("/v1.0/me/changePassword", { token, body, headers });
  }

  /** The portal resets somebody's password. */
  async portalReset(user: SampleUser, headers: Record<string, string> = {}, newPassword = "N3w-1") {
    const token = await this.half.tokens.portal();
    const proof = { methods: ["mobilePhone"], time: new Date().toISOString() };
    const body = { user: user.id, newPassword, proof };
    return this.send("/v1.0/selfService/resetPassword", { token, body, headers });
  }

  /** The helpdesk resets somebody's password. */
  async adminReset(user: SampleUser, headers: Record<string, string> = {}) {
    const token = await this.half.tokens.helpdesk();
    const path = `/v1.0/users/${user.id}/authentication/methods/${PASSWORD_METHOD}/resetPassword`;
    return this.send(path, { token, body: { newPassword: "N3w-Pass-1" }, headers });
  }

  /** Requests about somebody that reached the agent. */
  executed(user: SampleUser): number {
    return this.half.agent.requests.filter(
      (request) => request.operation !== "probe" && request.target.id === user.id,
    ).length;
  }

  /** A table, as an operator sees it. */
  table(name: TableName | typeof FIRST_TRUST_TABLE): TableClient {
    return new TableClient(this.half.tables.url, name, this.operator());
  }

  /** Names of the tables that there are, whoever has made them. */
  async tableNames(): Promise<string[]> {
    const names: string[] = [];
    const account = new TableServiceClient(this.half.tables.url, this.operator());
    for await (const { name = "" } of account.listTables()) names.push(name);
    return names;
  }

  private operator(): TokenCredential {
    const { identity, apps } = this.half;
    return {
      getToken: async (scopes) => ({
        token: await identity.mintToken({
          audience: String([scopes].flat()[0]).replace(/\/\.default$/, ""),
          subject: { kind: "app", application: apps.operator },
        }),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    };
  }
}

/** The id at the end of a `Location`. */
export const idIn = (location: string | null): string => location?.split("/").at(-1) ?? "";

/** The path of a `Location`. */
export const pathOf = (location: string | null): string => new URL(location ?? "x:").pathname;
