import { BASE, change, NEW, OLD, reset, TestDomain } from "../testDomain.ts";

const WRONG = "Wrong-Password-99";
const HOUR_MS = 3_600_000;
const HOUR = 36_000_000_000;
const alex = `CN=alex,CN=Users,${BASE}`;

let directory: TestDomain;
beforeEach(() => {
  directory = new TestDomain();
  directory.user("alex", { userPrincipalName: "alex@contoso.example" });
});

test.each([alex, alex.toLowerCase(), "ALEX@contoso.example", "alex@corp.example", "corp\\ALEX"])(
  "%s is a name to bind with",
  (name) => expect(directory.signIn(name, OLD)).toBe("ok"),
);

test.each(["alex", "other\\alex", "alex@other.example", `CN=sam,CN=Users,${BASE}`, "CN=="])(
  "%s is none: 525",
  (name) => expect(directory.signIn(name, OLD)).toBe("525"),
);

test("no password is anonymous, whoever it is", () => {
  expect(directory.signIn(alex, "")).toBe("anonymous");
});

test("states are told to those who know the password", () => {
  const states: [string, string, string][] = [
    ["userAccountControl", "514", "533"],
    ["accountExpires", "132000000000000000", "701"],
    ["pwdLastSet", "0", "773"],
  ];
  for (const [attribute, value, data] of states) {
    const before = directory.domain.store.index.find("samaccountname", Buffer.from("alex"));
    const held = [...(before ?? [])][0]?.text(attribute.toLowerCase()) ?? "";
    directory.modify(alex, change("replace", attribute, value));
    expect(directory.signIn(alex, OLD)).toBe(data);
    expect(directory.signIn(alex, WRONG)).toBe("52e");
    directory.modify(alex, change("replace", attribute, attribute === "pwdLastSet" ? "-1" : held));
    expect(directory.signIn(alex, OLD)).toBe("ok");
  }
});

test("a password too old: 532, unless it never expires", () => {
  directory.policy({ maxPwdAge: -HOUR });
  directory.now += HOUR_MS + 1;
  expect(directory.signIn(alex, OLD)).toBe("532");
  directory.modify(alex, change("replace", "userAccountControl", String(0x10200)));
  expect(directory.signIn(alex, OLD)).toBe("ok");
});

describe("lockout after three", () => {
  beforeEach(() => {
    directory.policy({
      lockoutThreshold: 3,
      lockoutDuration: -HOUR,
      lockOutObservationWindow: -HOUR,
    });
  });
  const wrong = (times: number) => {
    for (let at = 0; at < times; at += 1) expect(directory.signIn(alex, WRONG)).toBe("52e");
  };

  test("775 with any password, for as long as the policy says", () => {
    wrong(3);
    expect(directory.signIn(alex, WRONG)).toBe("775");
    expect(directory.signIn(alex, OLD)).toBe("775");
    directory.now += HOUR_MS - 1;
    expect(directory.signIn(alex, OLD)).toBe("775");
    directory.now += 2;
    expect(directory.signIn(alex, OLD)).toBe("ok");
  });

  test("without end where the duration is zero", () => {
    directory.policy({ lockoutDuration: 0 });
    wrong(3);
    directory.now += 1000 * HOUR_MS;
    expect(directory.signIn(alex, OLD)).toBe("775");
    directory.modify(alex, change("replace", "lockoutTime", "0"));
    expect(directory.signIn(alex, OLD)).toBe("ok");
  });

  test("wrong ones are forgotten after the observation window, and by a good one", () => {
    wrong(2);
    directory.now += HOUR_MS + 1;
    wrong(2);
    expect(directory.signIn(alex, OLD)).toBe("ok");
    wrong(2);
    expect(directory.signIn(alex, OLD)).toBe("ok");
  });

  test("the two last passwords are refused but not counted", () => {
    directory.modify(alex, reset(NEW));
    directory.modify(alex, reset("Quiet-Meadow-63"));
    for (const former of [OLD, NEW, OLD, NEW]) expect(directory.signIn(alex, former)).toBe("52e");
    expect(directory.signIn(alex, "Quiet-Meadow-63")).toBe("ok");
  });
});
