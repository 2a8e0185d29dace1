/** A vitest reporter that ends with a one-line summary: `705 passed, 0 failed`. */
export default class ClosingLine {
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: errors.length };
    for (const module of modules) {
      // A file that cannot be imported has no tests to count.
      if (module.state() === 'failed' && module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state in counts) counts[state] += 1;
      }
    }
    process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
  }
}
