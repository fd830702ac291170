/**
 * Jest reporter that closes the run with one line of counts. A suite that cannot run has failed.
 */
export default class ClosingLine {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`;
    // At the very end: jest's own summary comes after its reporters.
    process.once("exit", () => process.stdout.write(line));
  }
}
