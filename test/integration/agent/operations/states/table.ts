import { guardSettings } from "../../../../../agent/directory/guard/settings.ts";
import type { UserRecord } from "../../../../../local/accounts/readUser.ts";
import { STAFF_OU } from "../../../../../local/samples.ts";
import type { Verdict } from "../../../../../protocol/outcome.ts";
import type { OperationsFixture, Person } from "../fixture.ts";
import {
  ASKED,
  type Asked,
  type Expected,
  expectedOf,
  type Kind,
  NEW_PASSWORD,
  type Policy,
  STATES,
  type State,
} from "./expected.ts";
import { applySettings, type Prepared, prepare } from "./prepare.ts";

interface Cell {
  readonly policy: Policy;
  readonly state: State;
  readonly asked: Asked;
  readonly expected: Expected;
}

/** What the directory under test can be made to do. */
export interface TableOptions extends Kind {
  /** Whether a password can be made to expire within the time of a test. */
  readonly shortLivedPasswords: boolean;
}

function cellsOf(options: TableOptions): Cell[] {
  const { policyHints, shortLivedPasswords } = options;
  const policies: Policy[] = policyHints ? ["domain", "strict"] : ["no hints", "strict"];
  return policies.flatMap((policy) =>
    STATES.filter((state) => shortLivedPasswords || state !== "expired password").flatMap((state) =>
      ASKED.map((asked) => ({
        policy,
        state,
        asked,
        expected: expectedOf(policy, state, asked, options),
      })),
    ),
  );
}

/** A directory writes one after the other: more at once would wait past the client's patience. */
const AT_ONCE = 3;

/** Who is refused stays as before, and so can be refused once more. */
const personOf = ({ policy, state, asked, expected }: Cell): string =>
  `${policy}, ${state}, ${"refused" in expected ? "refused" : asked}`;

/** Each operation on each state of an account under each policy, against the table. */
export function describeStates(fixture: OperationsFixture, options: TableOptions): void {
  const cells = cellsOf(options);
  const people = new Map<string, Prepared>();

  beforeAll(async () => {
    const wanted = new Map(cells.map((cell) => [personOf(cell), cell])).entries();
    const next = async (): Promise<void> => {
      for (const [name, { policy, state }] of wanted)
        people.set(name, { policy, state, person: await prepare(fixture, state) });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    await applySettings(fixture, [...people.values()]);
  }, 120_000);

  const ask = (person: Person, asked: Asked): Promise<Verdict> => {
    const guard = guardSettings.parse({ scope: { in: [STAFF_OU] } });
    const allowWeakerEnforcement = !options.policyHints;
    const job = fixture.job({ settings: { ...fixture.settings, guard, allowWeakerEnforcement } });
    const newPassword = NEW_PASSWORD;
    switch (asked) {
      case "change": {
        const currentPassword = person.password;
        return fixture.run(person, { operation: "change", currentPassword, newPassword }, job);
      }
      case "unlock":
        return fixture.run(person, { operation: "unlock" }, job);
      case "require change":
        return fixture.run(person, { operation: "requireChange" }, job);
      default: {
        const mustChange = asked === "reset, must change";
        return fixture.run(person, { operation: "reset", newPassword, mustChange }, job);
      }
    }
  };

  test.each(cells)("$policy rules, $state: $asked", async (cell) => {
    const { person } = people.get(personOf(cell)) as Prepared;
    const before = await fixture.state(person);
    const verdict = await ask(person, cell.asked);
    const after = await fixture.state(person);
    const { expected } = cell;
    if ("refused" in expected) {
      expect(verdict).toMatchObject({ status: "failed", code: expected.refused });
      const broken = verdict.detail?.violations?.map(({ code }) => code);
      expect(broken?.toSorted()).toEqual(expected.rules?.toSorted());
      expect(after).toEqual(before);
      return;
    }
    expect(verdict).toMatchObject({ status: "succeeded", ...detailOf(cell, expected) });
    expect(after.keyVersion - before.keyVersion).toBe(expected.password === "new" ? 1 : 0);
    await expectSignIn(person, cell, expected, after);
  });

  async function expectSignIn(
    person: Person,
    { asked, state }: Cell,
    { password, mustChange }: Exclude<Expected, { refused: string }>,
    after: UserRecord,
  ): Promise<void> {
    const answer = await fixture.bind(person, password === "new" ? NEW_PASSWORD : person.password);
    expect(after.pwdLastSet === 0n).toBe(mustChange !== "no");
    if (state === "locked" && asked === "require change") expect(answer).toBe("775");
    else if (mustChange === "yes") expect(answer).toBe("773");
    // A password that lives for one second has expired or not: either proves that it is the one.
    else if (state === "expired password") expect(["ok", "532"]).toContain(answer);
    else expect(answer).toBe("ok");
  }
}

/** What the outcome tells beside success. */
function detailOf(
  { asked, state }: Cell,
  { mustChange }: Exclude<Expected, { refused: string }>,
): Pick<Verdict, "detail"> {
  const isReset = asked === "reset" || asked === "reset, must change";
  const detail = {
    ...((isReset || asked === "unlock") && { wasLocked: state === "locked" }),
    ...(asked === "reset, must change" && { mustChangeApplied: mustChange === "yes" }),
    ...(asked === "require change" &&
      mustChange === "without effect" && { mustChangeApplied: false }),
  };
  return Object.keys(detail).length > 0 ? { detail } : {};
}
