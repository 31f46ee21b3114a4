import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // node-rdkafka is not context-aware: it loads in processes, not in worker threads.
    pool: 'forks',
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/testkit/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
