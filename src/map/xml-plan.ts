import type { XmlNode, XmlPlan } from '../model/index.ts';
import { isObject, joinPointer, type Node, type Reader } from './reader.ts';

/** How a value of this schema is written as XML (OpenAPI 3.1.1 §4.8.26; `nodeType` of 3.2). */
export function xmlPlan(schema: unknown, pointer: string, reader: Reader): XmlPlan {
  const nodes: Record<string, XmlNode> = {};
  const root = node(schema, pointer, undefined);
  return { root, nodes };

  function node(value: unknown, at: string, fallbackName: string | undefined): XmlNode {
    if (!isObject(value)) return fallbackName === undefined ? {} : { name: fallbackName };
    if (typeof value.$ref === 'string') {
      const name = value.$ref;
      if (!(name in nodes)) {
        nodes[name] = {};
        const target = reader.target(name, at);
        // A component names its element when nothing nearer does.
        nodes[name] = node(target?.value, name, decodeURIComponent(name.split('/').pop() ?? 'item'));
      }
      const hints = ownHints(value);
      return { ref: name, ...(fallbackName !== undefined && { name: fallbackName }), ...hints };
    }
    const properties: Record<string, XmlNode> = {};
    for (const part of [...(Array.isArray(value.allOf) ? value.allOf : []), value]) {
      const resolved = isObject(part) && part !== value ? reader.object(part, at)?.value : value;
      if (!isObject(resolved?.properties)) continue;
      for (const [name, property] of Object.entries(resolved.properties))
        properties[name] = node(property, joinPointer(at, 'properties', name), name);
    }
    const items = value.items === undefined ? undefined : node(value.items, joinPointer(at, 'items'), fallbackName);
    return {
      ...(fallbackName !== undefined && { name: fallbackName }),
      ...ownHints(value),
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(items && { items }),
    };
  }
}

function ownHints(value: Node): XmlNode {
  const xml = isObject(value.xml) ? value.xml : {};
  const kind = xml.nodeType;
  return {
    ...(typeof xml.name === 'string' && { name: xml.name }),
    ...(typeof xml.namespace === 'string' && { namespace: xml.namespace }),
    ...(typeof xml.prefix === 'string' && { prefix: xml.prefix }),
    ...((xml.attribute === true || kind === 'attribute') && { attribute: true }),
    ...(kind === 'text' && { text: true }),
    ...(kind === 'cdata' && { cdata: true }),
    ...(xml.wrapped === true && { wrapped: true }),
  };
}
