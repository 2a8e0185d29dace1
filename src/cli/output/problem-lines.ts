import { PROBLEMS, type Problem, type Severity } from '../../problems.ts';

const GRAVEST_FIRST: readonly Severity[] = ['error', 'warning', 'info'];

/**
 * Problems by severity and code, most severe first: the code with its fix, then each place with its message. A code
 * appears twice if only some of its problems exclude an operation.
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
