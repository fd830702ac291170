import { configuration } from "../../../../local/samba/configuration.ts";

describe("smb.conf", () => {
  const text = configuration({ folder: "/dc/one", address: "127.64.0.9" });

  test.each([
    "server services = ldap",
    "interfaces = 127.64.0.9/8",
    "bind interfaces only = yes",
    "old password allowed period = 0",
    "realm = CORP.EXAMPLE",
    "netbios name = DC1",
  ])("says: %s", (line) => {
    expect(text.split("\n").map((one) => one.trim())).toContain(line);
  });

  test("keeps every file in the server's own folder", () => {
    const paths = [...text.matchAll(/= (\/.*)$/gm)].map(([, path]) => path ?? "");
    expect(paths.length).toBeGreaterThan(8);
    expect(paths.filter((path) => !path.startsWith("/dc/one/"))).toEqual([]);
  });
});
