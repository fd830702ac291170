/** Whether whoever runs the tests has said that they are to do without Samba. */
export const sambaIsOff = (): boolean => process.env.SAMBA === "off";

/**
 * `describe` for what needs a real Samba. With `SAMBA=off` one skipped test takes its place, so
 * that the report says what was left out and why. Where Samba is merely missing, the suite fails.
 */
export function describeWithSamba(name: string, suite: () => void): void {
  if (!sambaIsOff()) {
    describe(name, suite);
    return;
  }
  describe(name, () => {
    test.skip("left out: SAMBA=off is set", () => {});
  });
}
