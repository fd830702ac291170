import { getDiffieHellman } from "node:crypto";
import { createServer } from "node:tls";
import { diffieHellmanParameters } from "../../../../local/samba/diffieHellmanParameters.ts";

describe("Diffie-Hellman parameters", () => {
  test("are what a TLS server can read", () => {
    expect(() => createServer({ dhparam: diffieHellmanParameters() })).not.toThrow();
  });

  test("are the prime of the group and its generator 2", () => {
    const body = diffieHellmanParameters().replaceAll(/-----.*-----|\s/g, "");
    const der = Buffer.from(body, "base64");
    expect(der.includes(getDiffieHellman("modp14").getPrime())).toBe(true);
    expect(der.subarray(-3)).toEqual(Buffer.from([0x02, 0x01, 0x02]));
    expect(der.readUInt16BE(2)).toBe(der.length - 4);
  });
});
