import { type Finding, SEVERITIES } from '../../lint/index.ts';
import type { LintReport } from '../../lint-document.ts';
import { counted } from './counted.ts';
import { ink } from './report.ts';

/** Number of places shown per rule; JSON and SARIF list all of them. */
const SHOWN = 10;

/** Findings by rule, most severe first: the rule with its fix, then each place with its message. */
export function lintLines({ document, findings, rules, counts, fixable }: LintReport): string[] {
  const { bold } = ink(process.stdout);
  const groups = groupsOf(findings).flatMap((members) => {
    const [{ rule, severity }] = members;
    const { summary, fix } = rules.find(({ id }) => id === rule) ?? { summary: '', fix: '' };
    const more = members.length > SHOWN ? [`  … and ${members.length - SHOWN} more (--json lists all)`] : [];
    return [
      '',
      `${bold(`${severity} ${rule}`)} (${members.length}): ${summary}`,
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

/** By severity and rule, in the order of the findings. */
function groupsOf(findings: readonly Finding[]): readonly [Finding, ...Finding[]][] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.rule}`;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()];
}
