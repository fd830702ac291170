import { type Change, type Entry, type SearchOptions, StatusCodeParser } from "ldapts";
import type { DirectoryConnection, WriteResult } from "../../../agent/directory/connection.ts";
import { DirectoryError } from "../../../agent/directory/directoryError.ts";
import { refusalOf } from "../../../agent/directory/refusal.ts";
import { ROOT_DSE_SEARCH, type RootDse, readRootDse } from "../../../agent/directory/rootDse.ts";
import type { Attributes } from "./healthy.ts";

/** What a directory says to one request. */
export type Answer =
  | { readonly kind: "entries"; readonly entries: readonly Attributes[] }
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly resultCode: number; readonly diagnostic: string }
  | { readonly kind: "lost" };

/** The questions of the agent, by what they are for. */
export type Question =
  | "rootDse"
  | "find"
  | "guard"
  | "again"
  | "rights"
  | "policy"
  | "canary"
  | "modify"
  | "tryCanary";

/** Gives the next answer to a question. */
export type Oracle = (question: Question) => Answer;

export interface Sent {
  readonly dn: string;
  readonly changes: readonly Change[];
  readonly answer: Answer;
}

/** A search, as far as it says what it is for. */
interface Asked {
  readonly scope?: string | undefined;
  readonly attributes?: readonly string[] | undefined;
  /** Anything that shows the filter's parts as text. */
  readonly filter?: unknown;
}

export function questionOf(base: string, { scope, attributes = [], filter }: Asked): Question {
  if (base === "") return "rootDse";
  if (attributes.includes("tokenGroups")) return "guard";
  if (attributes.includes("allowedAttributesEffective")) return "rights";
  if (scope === "sub")
    return JSON.stringify(filter)?.toLowerCase().includes("userprincipalname") ? "canary" : "find";
  return base.startsWith("<GUID=") ? "again" : "policy";
}

/**
 * Which modify it is: the one that was asked for, or a trial of the condition on an account that
 * nobody needs, which sets nothing but the time of a password to now.
 */
export const modifyOf = (values: readonly (string | Buffer)[]): Question =>
  values.length === 2 && values[1]?.toString() === "-1" ? "tryCanary" : "modify";

/** An entry in the shape that the client library gives it, its faults included. */
function entryOf(attributes: Attributes, asked: readonly string[]): Entry {
  const entry: Entry = { dn: "" };
  const seen = new Set<string>();
  for (const [name, values] of attributes) {
    seen.add(name.toLowerCase());
    const [first, ...more] = values;
    const strings = values.filter((value) => typeof value === "string");
    const list =
      strings.length === values.length ? strings : values.map((each) => Buffer.from(each));
    entry[name] = more.length > 0 ? (list as string[]) : (first ?? []);
  }
  for (const name of asked) if (!seen.has(name.toLowerCase())) entry[name] = [];
  return entry;
}

/**
 * A connection whose directory says whatever the test wants, right under the agent's code that
 * reads answers. Its members are those of the agent's own, by type.
 */
export class HostileConnection
  implements Pick<DirectoryConnection, Exclude<keyof DirectoryConnection, "rootDse">>
{
  readonly sent: Sent[] = [];
  readonly delivered = new Map<Question, readonly Entry[]>();
  answers = 0;
  usable = true;
  rootDse!: RootDse;
  private readonly answer: Oracle;

  constructor(answer: Oracle) {
    this.answer = answer;
  }

  /** As the agent's own one opens. @throws DirectoryError */
  async open(): Promise<DirectoryConnection> {
    await this.refresh();
    return this as unknown as DirectoryConnection;
  }

  async refresh(): Promise<RootDse> {
    const [entry] = await this.search("", ROOT_DSE_SEARCH);
    this.rootDse = readRootDse(entry ?? { dn: "" }, "127.0.0.1");
    return this.rootDse;
  }

  get directoryTime(): bigint | undefined {
    return this.rootDse.currentTime;
  }

  async search(base: string, options: SearchOptions): Promise<Entry[]> {
    const question = questionOf(base, options);
    const answer = this.ask(question);
    if (answer.kind !== "entries") throw this.unreachable(answer);
    const entries = answer.entries.map((each) => entryOf(each, options.attributes ?? []));
    this.delivered.set(question, entries);
    return entries;
  }

  async look(dn: string, attributes: string[]): Promise<Entry | undefined> {
    const answer = this.ask(questionOf(dn, { scope: "base", attributes }));
    if (answer.kind === "lost") throw this.unreachable(answer);
    return answer.kind === "entries"
      ? answer.entries.map((each) => entryOf(each, attributes))[0]
      : undefined;
  }

  async modify(dn: string, changes: Change[]): Promise<WriteResult> {
    const question = modifyOf(
      changes.flatMap(({ modification }): (string | Buffer)[] => modification.values),
    );
    const answer = this.ask(question);
    if (question === "modify") this.sent.push({ dn, changes, answer });
    if (answer.kind === "done") return { kind: "applied" };
    const refusal = answer.kind === "refused" ? refusalOf(errorOf(answer)) : undefined;
    if (!refusal) this.usable = false;
    return refusal ? { kind: "refused", refusal } : { kind: "unknown" };
  }

  close(): void {
    this.usable = false;
  }

  private ask(question: Question): Answer {
    if (!this.usable) throw this.unreachable({ kind: "lost" });
    this.answers += 1;
    return this.answer(question);
  }

  private unreachable(answer: Answer): DirectoryError {
    this.usable = false;
    const refusal = answer.kind === "refused" ? refusalOf(errorOf(answer)) : undefined;
    return new DirectoryError("directoryUnreachable", { server: "127.0.0.1", ...refusal });
  }
}

/** What the client library throws for a result code. */
const errorOf = ({ resultCode, diagnostic }: Answer & { kind: "refused" }): unknown =>
  StatusCodeParser.parse({ status: resultCode, errorMessage: diagnostic } as Parameters<
    typeof StatusCodeParser.parse
  >[0]);
