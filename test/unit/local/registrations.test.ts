import { createPrivateKey, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSignedCertificate } from "../../../agent/enrolment/selfSignedCertificate.ts";
import { ROLES } from "../../../functions/access/permissions.ts";
import type { Application } from "../../../local/identity/application.ts";
import { queueRights } from "../../../local/stack/queueRights.ts";
import { openDoor, registerThere } from "../../../local/stack/registrationDoor.ts";
import { Registrations } from "../../../local/stack/registrations.ts";
import { API_CLIENT_ID, applications } from "../../../local/stack/tenant.ts";
import { signEnrolmentRequest } from "../../../protocol/enrolment.ts";
import { enrolledKey } from "../../integration/agent/trustRoot.ts";

let folder: string;
let request: Awaited<ReturnType<typeof signEnrolmentRequest>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "registrations-"));
  const { key, certificate } = await selfSignedCertificate("agent-2", Date.now());
  const { open: encryptionKey } = await enrolledKey();
  request = await signEnrolmentRequest(
    { version: 1, id: "agent-2", connector: "corp", encryptionKey, certificate },
    createPrivateKey(key),
  );
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true }));

test("an agent gets an application of its own with its certificate, the role, and the group's rights", async () => {
  const tenant: Application[] = [];
  const registrations = new Registrations(tenant);
  const { clientId, objectId } = await registrations.register(request);
  expect(tenant).toEqual([
    {
      clientId,
      objectId,
      name: "agent-2",
      certificates: [request.certificate],
      appRoles: { [API_CLIENT_ID]: [ROLES.agent] },
    },
  ]);
  const leaf = { certificate: "", key: "", certificateFile: "", keyFile: "" };
  const may = queueRights(applications(leaf), (id) => registrations.isAgent(id));
  expect([may(objectId, "requests-corp", "listen"), may(objectId, "replies", "send")]).toEqual([
    true,
    true,
  ]);
  expect([may(objectId, "requests-corp", "send"), may(randomUUID(), "replies", "send")]).toEqual([
    false,
    false,
  ]);
  const again = await registrations.register(request);
  expect([again.clientId, tenant.length, again.certificates?.length]).toEqual([clientId, 1, 2]);
});

test("the door takes requests of agents from whoever may read the folder, and nothing else", async () => {
  const registrations = new Registrations([]);
  const server = await openDoor(folder, registrations);
  try {
    const { objectId } = await registerThere(folder, JSON.stringify(request));
    expect(registrations.isAgent(objectId)).toBe(true);
    const changed = JSON.stringify({ ...request, id: "agent-3" });
    await expect(registerThere(folder, changed)).rejects.toThrow("no request of an agent");
    writeFileSync(join(folder, "registration.json"), JSON.stringify({ url: server.url, key: "a" }));
    await expect(registerThere(folder, JSON.stringify(request))).rejects.toThrow();
  } finally {
    await server.stop();
  }
  await expect(registerThere(join(folder, "none"), "{}")).rejects.toThrow("npm start");
});
