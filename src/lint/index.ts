// Full validation of a document, and advice on what matters to a model. In: a parsed and mapped document, and its
// schema violations. Out: findings, and an overlay with automatic fixes. Promise: the user's own file is never
// modified.
import { PROBLEMS, type Problem } from '../problems.ts';
import { type Finding, type FindingSeverity, type RuleInfo, SEVERITIES } from './finding.ts';
import { RULES } from './rules/index.ts';
import type { Subject } from './subject.ts';

export { type Finding, type RuleInfo, SEVERITIES } from './finding.ts';
export { FIXABLE, fixOverlay } from './fix-overlay.ts';
export type { Overlay } from './overlay.ts';
export type { Written } from './places.ts';
export { RULES } from './rules/index.ts';
export { sarifLog } from './sarif.ts';
export { createSubject } from './subject.ts';

/** The document violates the JSON Schema published for its OpenAPI version. */
export const INVALID: RuleInfo = {
  id: 'invalid',
  severity: 'warning',
  summary: 'The document violates the JSON Schema of its OpenAPI version. Everything that can be read is still served.',
  fix: 'Fix what the message names; other tools may reject the document.',
};

export interface FoundInput {
  readonly subject: Subject;
  readonly problems: readonly Problem[];
  /** Empty if there is no schema for the document's version. */
  readonly violations: readonly { readonly pointer: string; readonly message: string }[];
}

/** All findings, most severe first, grouped by rule. */
export function findings({ subject, problems, violations }: FoundInput): readonly Finding[] {
  const found: Finding[] = [
    ...problems.map(({ code, severity, pointer, message, data }) => ({
      rule: code,
      severity: SEVERITY_OF[severity],
      pointer,
      message,
      ...(data && { data }),
    })),
    ...violations
      // A problem already reports this place, and also says what happens to it.
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

/** Whether a problem covers a place: at its pointer or its parent. A problem at the root is too unspecific. */
const covers = (problem: string, place: string): boolean =>
  problem === place || (problem.split('/').length > 3 && place.slice(0, place.lastIndexOf('/')) === problem);

/** The rule behind a finding. */
export function ruleInfo({ rule, severity }: Finding): RuleInfo {
  const own = [INVALID, ...RULES].find(({ id }) => id === rule);
  if (own) return { id: own.id, severity, summary: own.summary, fix: own.fix };
  const { cause, fix } = PROBLEMS[rule as Problem['code']]; // every other finding is a problem
  return { id: rule, severity, summary: cause, fix };
}
