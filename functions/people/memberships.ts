import { z } from "zod";
import { ApiError } from "../http/apiError.ts";
import type { GraphCall } from "./graph.ts";

/** Milliseconds that an answer is believed, counted from the question. */
const KEPT_MS = 60_000;
const MOST_ANSWERS = 10_000;
/** Groups that Microsoft Graph takes in one call of `checkMemberGroups`. */
const GROUPS_A_CALL = 20;

interface Known {
  /** When it was asked: milliseconds since 1970. */
  readonly at: number;
  readonly isMember: Promise<boolean>;
}

const groupBody = z.object({ id: z.guid(), visibility: z.string().max(64).nullish() });
const answerBody = z.object({ value: z.array(z.string().max(64)).max(GROUPS_A_CALL) });

/**
 * Who is in which group, directly or through other groups, as Microsoft Graph says; yes and no are
 * remembered for a minute at most. Graph leaves groups out whose members are hidden: nobody seems
 * to be in them ({@link canTell}).
 */
export class Memberships {
  private readonly graph: GraphCall;
  private readonly now: () => number;
  private readonly most: number;
  /** By person and group, in the order in which they were asked. */
  private readonly known = new Map<string, Known>();

  /** @param now milliseconds since 1970 */
  constructor(graph: GraphCall, now: () => number, most = MOST_ANSWERS) {
    this.graph = graph;
    this.now = now;
    this.most = most;
  }

  /**
   * Those of the groups that somebody is in.
   * @param userId object id
   * @param groupIds object ids
   * @throws ApiError `userFactsUnavailable`
   */
  async isMemberOf(userId: string, groupIds: Iterable<string>): Promise<ReadonlySet<string>> {
    const wanted = [...new Set(groupIds)];
    const unknown: string[] = [];
    const answers = new Map<string, Promise<boolean>>();
    for (const group of wanted) {
      const known = this.fresh(keyOf(userId, group));
      if (known) answers.set(group, known);
      else unknown.push(group);
    }
    const at = this.now();
    for (let from = 0; from < unknown.length; from += GROUPS_A_CALL) {
      const groups = unknown.slice(from, from + GROUPS_A_CALL);
      const asked = this.ask(userId, groups);
      for (const group of groups)
        answers.set(
          group,
          this.keep(keyOf(userId, group), { at, isMember: isAmong(asked, group) }),
        );
    }
    const judged = await Promise.all(
      wanted.map(async (group) => ((await answers.get(group)) ? [group] : [])),
    );
    return new Set(judged.flat());
  }

  /**
   * Whether Graph knows a group and shows who is in it.
   * @param groupId object id
   * @throws ApiError `userFactsUnavailable`
   */
  async canTell(groupId: string): Promise<boolean> {
    try {
      const path = `/v1.0/groups/${encodeURIComponent(groupId)}?$select=id,visibility`;
      const { status, bodyAsText } = await this.graph(path);
      if (status === 404) return false;
      if (status !== 200) throw new Error(`a group was answered ${status}`);
      return groupBody.parse(JSON.parse(bodyAsText ?? "")).visibility !== "HiddenMembership";
    } catch (cause) {
      throw new ApiError("userFactsUnavailable", { cause });
    }
  }

  /** Answers that are kept. */
  get size(): number {
    return this.known.size;
  }

  private fresh(key: string): Promise<boolean> | undefined {
    const known = this.known.get(key);
    const age = known && this.now() - known.at;
    return age !== undefined && age >= 0 && age < KEPT_MS ? known?.isMember : undefined;
  }

  /** What fails is asked again by the next who wants to know. */
  private keep(key: string, known: Known): Promise<boolean> {
    this.known.delete(key);
    const [oldest] = this.known.keys();
    if (oldest !== undefined && this.known.size >= this.most) this.known.delete(oldest);
    this.known.set(key, known);
    known.isMember.catch(() => {
      if (this.known.get(key) === known) this.known.delete(key);
    });
    return known.isMember;
  }

  private async ask(userId: string, groupIds: readonly string[]): Promise<ReadonlySet<string>> {
    try {
      const path = `/v1.0/users/${encodeURIComponent(userId)}/checkMemberGroups`;
      const { status, bodyAsText } = await this.graph(path, { body: { groupIds } });
      if (status !== 200) throw new Error(`checkMemberGroups was answered ${status}`);
      const { value } = answerBody.parse(JSON.parse(bodyAsText ?? ""));
      return new Set(value.map((id) => id.toLowerCase()));
    } catch (cause) {
      throw new ApiError("userFactsUnavailable", { cause });
    }
  }
}

const keyOf = (userId: string, groupId: string): string => `${userId}|${groupId}`.toLowerCase();

const isAmong = async (asked: Promise<ReadonlySet<string>>, group: string): Promise<boolean> =>
  (await asked).has(group.toLowerCase());
