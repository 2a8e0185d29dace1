import type { ShownProblem } from '../api-types.ts';
import { counted, Loaded } from './parts.tsx';
import { useFetched } from './use-fetched.ts';

const SEVERITIES = ['error', 'warning', 'info'] as const;
const LABELS = { error: 'Errors', warning: 'Warnings', info: 'Notes' } as const;

export function ProblemsView({ revision }: { revision: number }) {
  const fetched = useFetched<readonly ShownProblem[]>('problems', revision);
  return (
    <div class="page">
      <h2>Problems of the documents</h2>
      <Loaded fetched={fetched}>
        {(problems) => (
          <>
            {problems.length === 0 && <p class="quiet">No problems.</p>}
            {SEVERITIES.map((severity) => (
              <Group
                key={severity}
                severity={severity}
                problems={problems.filter((each) => each.severity === severity)}
              />
            ))}
          </>
        )}
      </Loaded>
    </div>
  );
}

function Group({ severity, problems }: { severity: ShownProblem['severity']; problems: readonly ShownProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <section>
      <h3>
        {LABELS[severity]} <span class="count">{counted(problems.length, 'problem')}</span>
      </h3>
      <ul class="problems">
        {problems.map(({ api, code, pointer, message, fix }, index) => (
          <li key={index} class={`notice ${severity}`}>
            <p>
              <strong class="error-code">{code}</strong> {api !== undefined && <span class="badge">{api}</span>}
            </p>
            <p>
              <code>{pointer}</code>
            </p>
            <p class="pre">{message}</p>
            <p class="fix">{fix}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
