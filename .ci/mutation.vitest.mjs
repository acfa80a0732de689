// The tests that a mutant of controller/safety has to survive: those beside the rules, and the step that joins them.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/controller/safety/**/*.test.ts', 'test/controller/robot/robot-step.test.ts'], testTimeout: 30_000 },
});
