import { type Finding, SEVERITIES } from '../../lint/index.ts';
import type { LintReport } from '../../lint-document.ts';
import { counted } from './counted.ts';
import { ink } from './report.ts';

/** Number of places shown per rule; JSON and SARIF list all of them. */
const SHOWN = 10;

/** Findings by rule, most severe first: the rule with its fix, then each place with its message. */
export function lintLines({ document, findings, rules, counts, fixable }: LintReport): string[] {
  const { bold } = ink(process.stdout);
  const groups = [...new Set(findings.map(titleOf))].flatMap((title) => {
    const members = findings.filter((finding) => titleOf(finding) === title);
    const { summary, fix } = rules.find(({ id }) => id === members[0]?.rule) ?? { summary: '', fix: '' };
    const more = members.length > SHOWN ? [`  … and ${members.length - SHOWN} more (--json lists all)`] : [];
    return [
      '',
      `${bold(title)} (${members.length}): ${summary}`,
      `  fix: ${fix}`,
      ...members.slice(0, SHOWN).map(({ pointer, message }) => `  ${pointer}  ${message}`),
      ...more,
    ];
  });
  const total = SEVERITIES.map((severity) =>
    severity === 'advice' ? `${counts.advice} advice` : counted(counts[severity], severity),
  );
  return [
    `${document.location} (OpenAPI ${document.version})`,
    ...groups,
    '',
    findings.length ? total.join(', ') : 'No findings.',
    ...(fixable ? [`--fix overlay.yaml writes an overlay that fixes ${fixable} of them.`] : []),
  ];
}

const titleOf = ({ severity, rule }: Finding): string => `${severity} ${rule}`;
