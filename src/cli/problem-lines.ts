import { PROBLEMS, type Problem, type ProblemCode, type Severity } from '../problems.ts';

const GRAVEST_FIRST: readonly Severity[] = ['error', 'warning', 'info'];

/** Problems by code, the gravest first: the code with its fix, then each place and what is the matter there. */
export function problemLines(problems: readonly Problem[]): string[] {
  const codes = [...new Set(problems.map((problem) => problem.code))].sort(
    (a, b) => GRAVEST_FIRST.indexOf(PROBLEMS[a].severity) - GRAVEST_FIRST.indexOf(PROBLEMS[b].severity),
  );
  return codes.flatMap((code) =>
    group(
      code,
      problems.filter((problem) => problem.code === code),
    ),
  );
}

function group(code: ProblemCode, members: readonly Problem[]): string[] {
  const { severity, fix } = PROBLEMS[code];
  return [
    `${code} (${severity}, ${members.length}): ${fix}`,
    ...members.map((problem) => `  ${problem.pointer}  ${problem.message}`),
  ];
}
