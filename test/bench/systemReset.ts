import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import type { Stack } from "../../local/stack/startStack.ts";
import { freshPassword, type Person, personFor } from "./people.ts";
import type { Way } from "./way.ts";

/** The portal resets people's passwords over HTTP: cloud half, relay, agent, directory and back. */
export async function openSystemReset(stack: Stack, people: readonly Person[]): Promise<Way> {
  let agent = new Agent({ keepAlive: true });
  const token = await stack.tokens.portal();
  const post = (body: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request(`${stack.api}/v1.0/selfService/resetPassword`, {
        agent,
        method: "POST",
        headers: {
          Authorization: `Bearer ${token}`,
          "Content-Type": "application/json",
          "Content-Length": Buffer.byteLength(body),
        },
      })
        .on("response", resolve)
        .on("error", reject)
        .end(body);
    });
  return {
    operation: (atATime) => {
      // The host closes what lies idle: a run does not start on connections of the last one.
      agent.destroy();
      agent = new Agent({ keepAlive: true });
      return async (worker, turn) => {
        const { userPrincipalName } = personFor(people, atATime, worker, turn);
        const answer = await post(
          JSON.stringify({
            user: userPrincipalName,
            proof: { methods: ["mobilePhone"], time: new Date().toISOString() },
            newPassword: freshPassword(),
          }),
        );
        const said = await text(answer);
        if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}: ${said}`);
      };
    },
    close: async () => agent.destroy(),
  };
}
