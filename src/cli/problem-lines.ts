import { PROBLEMS, type Problem, type Severity } from '../problems.ts';

const GRAVEST_FIRST: readonly Severity[] = ['error', 'warning', 'info'];

/**
 * Problems by severity and code, the gravest first: the code with its fix, then each place and what is the matter there.
 * A code stands twice where some of its problems cost an operation and others do not.
 */
export function problemLines(problems: readonly Problem[]): string[] {
  return GRAVEST_FIRST.flatMap((severity) => {
    const grave = problems.filter((problem) => problem.severity === severity);
    const codes = [...new Set(grave.map(({ code }) => code))];
    return codes.flatMap((code) => {
      const members = grave.filter((problem) => problem.code === code);
      return [
        `${code} (${severity}, ${members.length}): ${PROBLEMS[code].fix}`,
        ...members.map(({ pointer, message }) => `  ${pointer}  ${message}`),
      ];
    });
  });
}
