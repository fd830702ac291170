import agent from "./package.json" with { type: "json" };

/** The agent's version, as it tells the cloud. */
export const AGENT_VERSION: string = agent.version;
