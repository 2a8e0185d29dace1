import { applyAll } from './compile.ts';
import {
  createSubject,
  type Finding,
  findings,
  mend,
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
  /** The gravest first, rule by rule. */
  readonly findings: readonly Finding[];
  /** Those that found something, in the same order, each with the gravest severity of its findings. */
  readonly rules: readonly RuleInfo[];
  readonly counts: Readonly<Record<Finding['severity'], number>>;
  /** Mends what can be mended mechanically; `undefined` where that is nothing. */
  readonly overlay: Overlay | undefined;
  /** How many of the findings it mends. */
  readonly mendable: number;
  /** Of the document, as it was read. */
  readonly text: string;
}

/**
 * Validates a document and says what a model would trip over. Overlays are applied first.
 *
 * @throws DocumentError where the document cannot be used at all, FilterError where a filter cannot
 */
export async function lintDocument(source: DocumentSource, options: ProxyOptions = {}): Promise<LintReport> {
  const senders = openSenders(options);
  try {
    const reading = parseOptions(options, senders);
    const raw = await readSource(source, reading);
    let written: Written = { root: undefined, pointers: new WeakMap() };
    const amend = async (root: unknown, pointers: WeakMap<object, string>) => {
      const amended = await applyAll({ root, pointers }, options.overlays ?? [], reading, []);
      written = { root: amended.root, pointers };
      return amended;
    };
    const document = await parseRaw(raw, { ...reading, amend });
    // Every schema is looked at, listed or not.
    const mapping: MapOptions = { ...mapOptions(options), answerSchemas: 'all' };
    const { model, problems } = mapDocument(document, mapping);
    const violations = isObject(written.root)
      ? await validateDocument({ ...written, root: written.root }, document.version, raw.base, reading)
      : undefined;
    const subject = createSubject(document, model, mapping.profile);
    const found = findings({ subject, problems, violations: violations ?? [] });
    const mended = mend(found, subject, written);
    return {
      document: { location: document.location, version: document.version },
      findings: found,
      rules: rulesOf(found),
      counts: {
        error: found.filter(({ severity }) => severity === 'error').length,
        warning: found.filter(({ severity }) => severity === 'warning').length,
        advice: found.filter(({ severity }) => severity === 'advice').length,
      },
      overlay: mended.overlay,
      mendable: mended.findings.length,
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
