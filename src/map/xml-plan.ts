import type { XmlNode, XmlPlan } from '../model/index.ts';
import { segmentsOf } from '../parse/references.ts';
import { given } from '../runtime/given.ts';
import { setOwn } from './own.ts';
import { isObject, joinPointer, type Node, type Reader } from './reader.ts';

/** This many levels are read recursively. */
const DEEPEST_AT_ONCE = 400;

/** How a value of this schema is written as XML (OpenAPI 3.1.1 §4.8.26; `nodeType` of 3.2). */
export function xmlPlan(schema: unknown, pointer: string, reader: Reader): XmlPlan {
  const nodes: Record<string, XmlNode> = {};
  // The component names the root element if nothing closer does.
  const component = isObject(schema) && typeof schema.$ref === 'string' ? segmentsOf(schema.$ref)?.at(-1) : undefined;
  /** References beyond the allowed recursion depth. */
  const waiting: (() => void)[] = [];
  let levels = 0;
  const root = node(schema, pointer, component);
  for (let next = waiting.pop(); next; next = waiting.pop()) next();
  return { root, nodes };

  function node(value: unknown, at: string, fallbackName: string | undefined): XmlNode {
    levels++;
    const made = nodeOf(value, at, fallbackName);
    levels--;
    return made;
  }

  function nodeOf(value: unknown, at: string, fallbackName: string | undefined): XmlNode {
    if (!isObject(value)) return fallbackName === undefined ? {} : { name: fallbackName };
    if (typeof value.$ref === 'string') {
      const ref = value.$ref;
      const target = reader.target(ref, at)?.value;
      if (!Object.hasOwn(nodes, ref)) {
        setOwn(nodes, ref, {});
        const settle = () => setOwn(nodes, ref, node(target, ref, undefined));
        if (levels < DEEPEST_AT_ONCE) settle();
        else waiting.push(settle);
      }
      // The name of the property is only a fallback: the component's own `xml.name` overrides it.
      const named = isObject(target) && isObject(target.xml) && typeof target.xml.name === 'string';
      return { ref, ...(fallbackName !== undefined && !named && { name: fallbackName }), ...ownHints(value) };
    }
    const properties: Record<string, XmlNode> = {};
    for (const part of [...(Array.isArray(value.allOf) ? value.allOf : []), value]) {
      const resolved = isObject(part) && part !== value ? reader.object(part, at)?.value : value;
      if (!isObject(resolved?.properties)) continue;
      for (const [name, property] of Object.entries(resolved.properties))
        setOwn(properties, name, node(property, joinPointer(at, 'properties', name), name));
    }
    // Items without a name get the name of their list, which is only known when they are written.
    const items = value.items === undefined ? undefined : node(value.items, joinPointer(at, 'items'), undefined);
    return {
      ...(fallbackName !== undefined && { name: fallbackName }),
      ...ownHints(value),
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(items && { items }),
    };
  }
}

function ownHints(schema: Node): XmlNode {
  const xml = isObject(schema.xml) ? schema.xml : {};
  const textAt = (key: string) => (typeof xml[key] === 'string' ? xml[key] : undefined);
  const kind = xml.nodeType;
  return given({
    name: textAt('name'),
    namespace: textAt('namespace'),
    prefix: textAt('prefix'),
    attribute: xml.attribute === true || kind === 'attribute' || undefined,
    text: kind === 'text' || undefined,
    cdata: kind === 'cdata' || undefined,
    // OpenAPI 3.2.0 §4.25.1: `nodeType: element` on an array is what `wrapped` was.
    wrapped: xml.wrapped === true || (kind === 'element' && schema.type === 'array') || undefined,
  });
}
