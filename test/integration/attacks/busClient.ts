import { ServiceBusClient } from "@azure/service-bus";
import WebSocket from "ws";
import type { Broker } from "../../../local/broker/startBroker.ts";
import type { Application } from "../../../local/identity/application.ts";
import { SERVICE_BUS } from "../../../local/identity/resource.ts";
import type { Identity } from "../../../local/identity/startIdentity.ts";
import { NAMESPACE } from "../../../local/stack/tenant.ts";

/** The bus, as somebody reaches it who has got hold of an application's rights. */
export const busClient = (
  { identity, broker }: { readonly identity: Identity; readonly broker: Broker },
  application: Application,
): ServiceBusClient =>
  new ServiceBusClient(
    NAMESPACE,
    {
      getToken: async () => ({
        token: await identity.mintToken({
          audience: SERVICE_BUS,
          subject: { kind: "app", application },
        }),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    },
    {
      customEndpointAddress: broker.url,
      webSocketOptions: { webSocket: WebSocket },
      retryOptions: { maxRetries: 1, retryDelayInMs: 200, timeoutInMs: 3_000 },
    },
  );
