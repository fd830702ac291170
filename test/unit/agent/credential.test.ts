import { type Credential, oncePerScope } from "../../../agent/credential.ts";

const TOKEN = { token: "token", expiresOnTimestamp: 0 };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("who asks while a token is fetched shares it; other scopes and later calls do not", async () => {
  const asked: string[] = [];
  const { getToken } = oncePerScope({
    getToken: async (scopes) => {
      asked.push(String(scopes));
      return TOKEN;
    },
  });
  await Promise.all([getToken("a"), getToken("a"), getToken("b")]);
  await getToken("a");
  expect(asked).toEqual(["a", "b", "a"]);
});

test("a token request that hangs is given up after 10 s, and the next one is a new one", async () => {
  const answers: ReturnType<Credential["getToken"]>[] = [
    new Promise(() => {}),
    Promise.resolve(TOKEN),
  ];
  const { getToken } = oncePerScope({ getToken: () => answers.shift() ?? Promise.reject() });
  const hung = expect(getToken("a")).rejects.toThrow("deadline passed");
  await jest.advanceTimersByTimeAsync(10_000);
  await hung;
  expect(await getToken("a")).toBe(TOKEN);
});
