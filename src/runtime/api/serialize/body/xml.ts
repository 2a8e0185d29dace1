import { getOwn, type XmlNode, type XmlPlan } from '../../../../model/index.ts';
import { CallError } from '../../../call-error.ts';
import { isRecord } from '../../../is-record.ts';
import { textBody } from './text.ts';

/**
 * Converts a JSON value to XML, following the XML hints of its schema (OpenAPI 3.1.1 and 3.2.0 XML Object). Without an
 * XML declaration, which UTF-8 does not need (XML 1.0 §4.3.3). A string is the finished document.
 *
 * `null` becomes an element with `xsi:nil`; a `null` attribute is omitted (3.2.0 "Handling `null` Values"). Members
 * follow the order of the schema, then of the value.
 *
 * @throws CallError `INVALID_ARGUMENTS` for a key that is not a valid XML name, and for characters that XML does not
 *   allow
 */
export function xmlBody({ root, nodes }: XmlPlan, value: unknown): string {
  if (typeof value === 'string') return value;
  const node = resolve(root, nodes);
  // A document has one root element, so a list at the root is always wrapped.
  const name = node.name ?? 'root';
  return Array.isArray(value)
    ? wrappedList({ name, node, nodes, scope: NO_SCOPE }, value)
    : element({ name, node, nodes, scope: NO_SCOPE }, value);
}

/** Namespaces declared so far, by prefix; the default namespace by the empty prefix. */
type Scope = Readonly<Record<string, string>>;
const NO_SCOPE: Scope = {};

interface Place {
  /** The element's name if the schema does not set one. */
  readonly name: string;
  readonly node: XmlNode;
  readonly nodes: XmlPlan['nodes'];
  readonly scope: Scope;
}

function resolve(node: XmlNode, nodes: XmlPlan['nodes']): XmlNode {
  let settled = node;
  const seen = new Set<string>();
  while (settled.ref !== undefined && !seen.has(settled.ref)) {
    seen.add(settled.ref);
    const { ref, ...own } = settled;
    settled = { ...getOwn(nodes, ref), ...own };
  }
  return settled;
}

/** The content that a named member adds to its parent: an element, several, or plain text. */
function memberContent({ node, ...place }: Place, value: unknown): string {
  if (node.cdata) return value === null ? '' : cdata(textBody(value));
  if (node.text) return value === null ? '' : escapeText(textBody(value));
  if (!Array.isArray(value)) return element({ ...place, node, name: node.name ?? place.name }, value);
  if (node.wrapped) return wrappedList({ ...place, node, name: node.name ?? place.name }, value);
  // The name of a list that is not wrapped has no effect (3.1.1 XML Object, `name`).
  return listItems({ ...place, node }, value);
}

function wrappedList(place: Place, value: readonly unknown[]): string {
  return tag(place, [], (inner) => listItems(inner, value));
}

/** Items are named by their own schema, otherwise like the list (3.1.1 "XML Arrays"). */
function listItems({ name, node, nodes, scope }: Place, value: readonly unknown[]): string {
  const item = resolve(node.items ?? {}, nodes);
  return value.map((member) => memberContent({ name, node: item, nodes, scope }, member)).join('');
}

function element(place: Place, value: unknown): string {
  if (value === null || value === undefined) return tag(place, [NIL], () => '');
  if (!isRecord(value)) return tag(place, [], () => escapeText(textBody(value)));
  const members = inSchemaOrder(value, place.node).map(([key, member]) => ({
    key,
    member,
    node: resolve(getOwn(place.node.properties ?? {}, key) ?? {}, place.nodes),
  }));
  const attributes = members
    .filter(({ node, member }) => node.attribute && member !== null)
    .map(({ key, member, node }) => ({ name: node.name ?? key, node, text: textBody(member) }));
  return tag(place, attributes, (inner) =>
    members
      .filter(({ node }) => !node.attribute)
      .map(({ key, member, node }) => memberContent({ ...inner, name: key, node }, member))
      .join(''),
  );
}

function inSchemaOrder(value: Readonly<Record<string, unknown>>, node: XmlNode): [string, unknown][] {
  const known = Object.keys(node.properties ?? {}).filter((key) => Object.hasOwn(value, key));
  const keys = new Set([...known, ...Object.keys(value)]);
  return [...keys].map((key): [string, unknown] => [key, value[key]]).filter(([, member]) => member !== undefined);
}

interface Attribute {
  readonly name: string;
  readonly node: Pick<XmlNode, 'prefix' | 'namespace'>;
  readonly text: string;
}
const NIL: Attribute = {
  name: 'nil',
  node: { prefix: 'xsi', namespace: 'http://www.w3.org/2001/XMLSchema-instance' },
  text: 'true',
};

/** One element with its attributes, and declarations of namespaces that are not in scope yet. */
function tag(place: Place, attributes: readonly Attribute[], content: (inner: Place) => string): string {
  const declared = new Map<string, string>();
  for (const { prefix = '', namespace } of [place.node, ...attributes.map(({ node }) => node)]) {
    if (namespace !== undefined && getOwn(place.scope, prefix) !== namespace) declared.set(prefix, namespace);
  }
  const name = qualified(place.name, place.node);
  const written = [
    ...[...declared].map(
      ([prefix, namespace]) => ` ${prefix ? `xmlns:${xmlName(prefix)}` : 'xmlns'}="${escapeAttribute(namespace)}"`,
    ),
    ...attributes.map(({ name, node, text }) => ` ${qualified(name, node)}="${escapeAttribute(text)}"`),
  ].join('');
  const inner = content({ ...place, scope: { ...place.scope, ...Object.fromEntries(declared) } });
  return inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`;
}

function qualified(name: string, { prefix }: Pick<XmlNode, 'prefix'>): string {
  return prefix ? `${xmlName(prefix)}:${xmlName(name)}` : xmlName(name);
}

/** XML 1.0 §2.3 Name, approximately: no character that could end the name. */
const NAME = /^[\p{L}_:][\p{L}\p{N}\p{M}_:.\-·]*$/u;

function xmlName(name: string): string {
  if (NAME.test(name)) return name;
  throw new CallError('INVALID_ARGUMENTS', `"${name}" cannot be the name of an XML element or attribute.`, {
    hint: 'Use a key of letters, digits, "_", "-" and ".", that begins with a letter.',
  });
}

function escapeText(text: string): string {
  return checked(text).replace(IN_TEXT, entity);
}
const IN_TEXT = /[&<>\r]/g;

/** Line breaks and tabs would be read as spaces (XML 1.0 §3.3.3). */
function escapeAttribute(text: string): string {
  return checked(text).replace(IN_ATTRIBUTE, entity);
}
const IN_ATTRIBUTE = /[&<>"\t\n\r]/g;

function cdata(text: string): string {
  return `<![CDATA[${checked(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function entity(character: string): string {
  return ENTITIES[character] ?? `&#${character.charCodeAt(0)};`;
}

/** XML 1.0 §2.2 Char: most control characters, and invalid Unicode, are not allowed at all. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

function checked(text: string): string {
  if (!NOT_XML.test(text)) return text;
  const message = 'The XML body would contain a control character, which XML does not allow.';
  throw new CallError('INVALID_ARGUMENTS', message, { hint: 'Remove control characters from the values.' });
}
