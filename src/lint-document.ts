import { applyAll, lookedUp } from './compile.ts';
import {
  createSubject,
  type Finding,
  findings,
  fixOverlay,
  type Overlay,
  type RuleInfo,
  ruleInfo,
  type Written,
} from './lint/index.ts';
import { type MapOptions, mapDocument } from './map/index.ts';
import { type DocumentSource, decodeText, parseRaw, readSource } from './parse/index.ts';
import { isObject } from './parse/json.ts';
import { validateDocument } from './parse/validate.ts';
import { mapOptions, type ProxyOptions, parseOptions } from './proxy.ts';
import { openSenders } from './runtime/node/senders.ts';

/** What `lint` found in a document. */
export interface LintReport {
  readonly document: { readonly location: string; readonly version: string };
  /** Notices for the user that are not findings. */
  readonly notices: readonly string[];
  /** Most severe first, grouped by rule. */
  readonly findings: readonly Finding[];
  /** The rules with findings, in the same order, each with its highest severity. */
  readonly rules: readonly RuleInfo[];
  readonly counts: Readonly<Record<Finding['severity'], number>>;
  /** Automatic fixes; `undefined` if there are none. */
  readonly overlay: Overlay | undefined;
  /** The number of findings that the overlay fixes. */
  readonly fixable: number;
  /** The document as it was read. */
  readonly text: string;
}

/** What linting a large document is busy with. */
export type LintStage = 'Reading' | 'Mapping' | 'Validating' | 'Checking';

/** Validates a document and gives advice for models. Overlays are applied first.
 *
 * @throws DocumentError if the document cannot be used at all, FilterError if a filter cannot
 */
export async function lintDocument(
  source: DocumentSource,
  options: ProxyOptions = {},
  onStage: (stage: LintStage) => void = () => {},
): Promise<LintReport> {
  const senders = openSenders(options);
  try {
    onStage('Reading');
    const reading = parseOptions(options, senders);
    const raw = await readSource(source, reading);
    let written: Written = { root: undefined, pointers: new WeakMap() };
    const amend = async (root: unknown, pointers: WeakMap<object, string>) => {
      const amended = await applyAll({ root, pointers }, options.overlays ?? [], reading, []);
      written = { root: amended.root, pointers };
      return amended;
    };
    const document = await parseRaw(raw, { ...reading, amend });
    onStage('Mapping');
    // Check every schema, listed or not.
    const mapping: MapOptions = { ...mapOptions(options), answerSchemas: 'all' };
    const { model, problems } = mapDocument(document, mapping);
    onStage('Validating');
    const violations = isObject(written.root)
      ? await validateDocument({ ...written, root: written.root }, document.version, raw.base, reading)
      : undefined;
    onStage('Checking');
    const subject = createSubject(document, model, mapping.profile);
    const found = findings({ subject, problems, violations: violations ?? [] });
    const fixes = fixOverlay(found, subject, written);
    return {
      document: { location: document.location, version: document.version },
      notices: lookedUp(document),
      findings: found,
      rules: rulesOf(found),
      counts: {
        error: found.filter(({ severity }) => severity === 'error').length,
        warning: found.filter(({ severity }) => severity === 'warning').length,
        advice: found.filter(({ severity }) => severity === 'advice').length,
      },
      overlay: fixes.overlay,
      fixable: fixes.findings.length,
      text: decodeText(raw.bytes, raw.charset).text,
    };
  } finally {
    await senders.close();
  }
}

function rulesOf(found: readonly Finding[]): readonly RuleInfo[] {
  const rules = new Map<string, RuleInfo>();
  for (const finding of found) if (!rules.has(finding.rule)) rules.set(finding.rule, ruleInfo(finding));
  return [...rules.values()];
}
