import { startTestBroker, type TestBroker } from "./bus/startTestBroker.ts";
import { describeBus } from "./bus/suite.ts";

let started: TestBroker | undefined;

describeBus("the local broker", async () => {
  started = await startTestBroker();
  return started;
});

afterEach(() => {
  expect(started?.internalErrors).toEqual([]);
});
