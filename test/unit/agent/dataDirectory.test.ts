import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "../../../agent/configuration.ts";
import { openNumber } from "../../../agent/dataDirectory.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent-"));
});
afterEach(() => rm(folder, { recursive: true }));

const complaint = async (file: Parameters<typeof openNumber>[1]): Promise<string> => {
  const error = await openNumber(join(folder, "data"), file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigurationError);
  return (error as Error).message;
};

test("a directory that is not there is made, and the number is on disk from the start", async () => {
  const number = await openNumber(join(folder, "data"), "heartbeat-counter");
  expect(number.value).toBe(0);
  expect(await readFile(join(folder, "data", "heartbeat-counter"), "utf8")).toBe("0\n");
});

test.each([
  ["trust-list-serial", "write the serial number of the trust list in force into it"],
  ["heartbeat-counter", "delete it"],
] as const)("%s damaged: %s", async (file, fix) => {
  await mkdir(join(folder, "data"));
  await writeFile(join(folder, "data", file), "\u0000\u0000");
  const message = await complaint(file);
  expect(message).toContain(`dataDirectory: its file ${file} is damaged; ${fix}`);
});

test("a file where the directory should be", async () => {
  await writeFile(join(folder, "data"), "");
  expect(await complaint("heartbeat-counter")).toContain("dataDirectory: heartbeat-counter cannot");
});

test("a number that cannot be written shows at the start, not at the first heartbeat", async () => {
  // A folder in the place of the draft, since the rights of a file stop no administrator.
  await mkdir(join(folder, "data", "trust-list-serial.new"), { recursive: true });
  expect(await complaint("trust-list-serial")).toContain("dataDirectory: trust-list-serial cannot");
});
