import type { TableClient } from "@azure/data-tables";
import { type Heartbeat, LIVE_SECONDS } from "@password-writeback/protocol/heartbeat.ts";
import { z } from "zod";
import { agentRow, type GroundRows } from "./groundRows.ts";
import { isConflict, isStale, orMissing, unavailable } from "./tables.ts";

const agentRecord = z.object({
  connector: z.string(),
  id: z.string(),
  counter: z.number(),
  state: z.enum(["listening", "waiting", "stopping"]),
  relay: z.enum(["up", "down"]),
  directory: z.enum(["up", "down"]),
  agentVersion: z.string(),
  /** Highest serial of a trust list that the agent has seen: it has acknowledged that list. */
  serial: z.number().default(0),
  /** Milliseconds since 1970, cloud time. */
  heardAt: z.number(),
});
export type AgentRecord = z.infer<typeof agentRecord>;

/** Whether an agent was heard lately. */
export const isHeard = ({ heardAt }: AgentRecord, now: number): boolean =>
  now - heardAt <= LIVE_SECONDS * 1_000;

/** Whether an agent was heard lately and takes requests. */
export const isLive = (agent: AgentRecord, now: number): boolean =>
  agent.state === "listening" && agent.relay === "up" && isHeard(agent, now);

/** Whether its domain controller answered it at the last heartbeat. */
export const hasDirectory = (agent: AgentRecord): boolean => agent.directory === "up";

/** Keeps what agents last said of themselves. Every method throws ApiError. */
export class Agents {
  private readonly table: TableClient;
  private readonly readGround: () => Promise<GroundRows>;

  constructor(table: TableClient, readGround: () => Promise<GroundRows>) {
    this.table = table;
    this.readGround = readGround;
  }

  /** Every agent of every connector: a few rows. */
  async list(): Promise<readonly AgentRecord[]> {
    const { agents } = await this.readGround();
    try {
      return agents.map((row) => agentRecord.parse(row));
    } catch (error) {
      throw unavailable(error);
    }
  }

  /**
   * Records a heartbeat.
   * @returns false where its counter is not above the last one: an old one, put back
   */
  async record(connector: string, id: string, beat: Heartbeat, now: number): Promise<boolean> {
    const { counter, state, relay, agentVersion, serial } = beat;
    const row: AgentRecord = {
      connector,
      id,
      counter,
      state,
      relay,
      directory: beat.directory.state,
      agentVersion,
      serial,
      heardAt: now,
    };
    const { partitionKey, rowKey } = agentRow(connector, id);
    const entity = { ...row, partitionKey, rowKey };
    const known = await orMissing(this.table.getEntity<AgentRecord>(partitionKey, rowKey));
    if (known && known.counter >= counter) return false;
    try {
      if (known) await this.table.updateEntity(entity, "Replace", { etag: known.etag });
      else await this.table.createEntity(entity);
      return true;
    } catch (error) {
      if (isConflict(error) || isStale(error)) return false;
      throw unavailable(error);
    }
  }
}
