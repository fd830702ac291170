/** @type {import("jest").Config} */
export default {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: { "^.+\\.(ts|js|mjs)$": "@swc/jest" },
  transformIgnorePatterns: ["/node_modules/(?!(jose|ldapts)/)"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/agent/dist/", "<rootDir>/.cache/"],
  globalSetup: "<rootDir>/test/setup.ts",
  reporters: ["default", "<rootDir>/test/closingLine.mjs"],
  testTimeout: 30_000,
  maxWorkers: 2,
};
