/** @type {import("jest").Config} */
export default {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: { "^.+\\.(ts|js|mjs)$": "@swc/jest" },
  transformIgnorePatterns: ["/node_modules/(?!(jose|ldapts)/)"],
  modulePathIgnorePatterns: ["dist", "agent/dist", ".cache", ".local"].map(
    (folder) => `<rootDir>/${folder}/`,
  ),
  globalSetup: "<rootDir>/test/setup.ts",
  reporters: ["default", "<rootDir>/test/closingLine.mjs"],
  testTimeout: 30_000,
  maxWorkers: 2,
};
