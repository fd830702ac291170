import type { BusUnderTest } from "./busUnderTest.ts";
import { type OpenContext, openContext } from "./context.ts";
import { describeRenewing } from "./renewing.ts";
import { describeRights } from "./rights.ts";
import { describeSending } from "./sending.ts";
import { describeSessions } from "./sessions.ts";
import { describeSettling } from "./settling.ts";

/**
 * What the two halves rely on in a Service Bus, checked with the unmodified client alone, so that
 * it can be pointed at a real namespace too.
 */
export function describeBus(name: string, start: () => Promise<BusUnderTest>): void {
  describe(`${name} as a Service Bus`, () => {
    let open: OpenContext | undefined;
    const context = (): OpenContext => {
      if (!open) throw new Error("the suite has not started");
      return open;
    };
    beforeAll(async () => {
      open = await openContext(await start());
    });
    afterAll(() => open?.close());

    describe("settling", () => describeSettling(context));
    describe("locks", () => describeRenewing(context));
    describe("sending", () => describeSending(context));
    describe("sessions", () => describeSessions(context));
    describe("rights", () => describeRights(context));
  });
}
