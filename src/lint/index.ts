// Full validation of a document, and advice on what matters to a model.
// In: a document as parse and map see it, and where it breaks the schema of its version. Out: findings, and an overlay
// that mends what can be mended mechanically. Promise: the user's own file is never touched.
import { PROBLEMS, type Problem } from '../problems.ts';
import { type Finding, type FindingSeverity, type RuleInfo, SEVERITIES } from './finding.ts';
import { RULES } from './rules/index.ts';
import type { Subject } from './subject.ts';

export { type Finding, type FindingSeverity, type RuleInfo, SEVERITIES } from './finding.ts';
export { MENDABLE, type Mended, mend, type Written } from './mend.ts';
export type { Overlay, OverlayAction } from './overlay.ts';
export { RULES } from './rules/index.ts';
export { sarifLog } from './sarif.ts';
export { createSubject, type Rule, type Subject } from './subject.ts';

/** The document breaks the schema that its version of the specification publishes. */
export const INVALID: RuleInfo = {
  id: 'invalid',
  severity: 'warning',
  summary: 'The document breaks the schema of its version of OpenAPI. It is served as far as it can be read.',
  fix: 'Correct what the message names; other tools may refuse the document.',
};

export interface FoundInput {
  readonly subject: Subject;
  readonly problems: readonly Problem[];
  /** Empty where there is no schema to hold the document against. */
  readonly violations: readonly { readonly pointer: string; readonly message: string }[];
}

/** Everything there is to find, the gravest first, rule by rule. */
export function findings({ subject, problems, violations }: FoundInput): readonly Finding[] {
  const found: Finding[] = [
    ...problems.map(({ code, severity, pointer, message }) => ({
      rule: code,
      severity: SEVERITY_OF[severity],
      pointer,
      message,
    })),
    ...violations
      // Told already, in words that say what becomes of it.
      .filter(({ pointer }) => !problems.some((problem) => covers(problem.pointer, pointer)))
      .map(({ pointer, message }) => ({ rule: INVALID.id, severity: INVALID.severity, pointer, message })),
    ...RULES.flatMap((rule) =>
      [...rule.check(subject)].map((place) => ({ rule: rule.id, severity: rule.severity, ...place })),
    ),
  ];
  const order = new Map(found.map(({ rule }) => [rule, 0]));
  [...order.keys()].forEach((rule, index) => void order.set(rule, index));
  const rank = ({ severity, rule }: Finding) => SEVERITIES.indexOf(severity) * 1_000 + (order.get(rule) ?? 0);
  return found.sort((a, b) => rank(a) - rank(b));
}

const SEVERITY_OF: Readonly<Record<Problem['severity'], FindingSeverity>> = {
  error: 'error',
  warning: 'warning',
  info: 'advice',
};

/** Whether a problem says what is wrong at a place: there, or right above it. The whole document says too little. */
const covers = (problem: string, place: string): boolean =>
  problem === place || (problem.split('/').length > 3 && place.slice(0, place.lastIndexOf('/')) === problem);

/** What there is to say about a rule that found something. */
export function ruleInfo({ rule, severity }: Finding): RuleInfo {
  const own = [INVALID, ...RULES].find(({ id }) => id === rule);
  if (own) return { id: own.id, severity, summary: own.summary, fix: own.fix };
  const { cause, fix } = PROBLEMS[rule as Problem['code']]; // every other finding is a problem
  return { id: rule, severity, summary: cause, fix };
}
