import { readConfiguration } from "../configuration.ts";
import { handList } from "../trust/handList.ts";

/** `trust LIST`: gives the agent a trust list by hand. */
export async function trust(
  file: string,
  configFile: string,
  tell: (text: string) => void,
): Promise<number> {
  const configuration = await readConfiguration(configFile);
  const { serial, agents } = await handList(file, configuration);
  const entry = agents.find(({ id }) => id === configuration.agentId);
  tell(`Trust list ${serial} is taken. It ${entry ? "names" : "does not name"} this agent.\n`);
  return 0;
}
