import { CONFIG } from '../../config/config-spec.ts';
import { MIDDLEWARE } from '../../config/middleware.ts';
import type { Spec } from '../../config/spec.ts';
import { TRANSFORMS } from '../../config/transforms.ts';
import { markdownTable } from './options-reference.test.fixture.ts';

/** The keys of a config file as Markdown: the second half of docs/config.md. */
export function configReference(): string {
  return [
    section('Top level', CONFIG),
    section('`apis.<namespace>`', itemOf('apis')),
    section('`servers.<namespace>`', itemOf('servers')),
    section('`modules.<namespace>`', itemOf('modules')),
    kinds('Middleware', MIDDLEWARE),
    kinds('Transforms', TRANSFORMS),
  ].join('\n\n');
}

function itemOf(key: 'apis' | 'servers' | 'modules'): Spec {
  const spec = CONFIG.fields[key];
  if (spec?.kind !== 'map') throw new TypeError(`"${key}" has no items.`);
  return spec.of;
}

function section(heading: string, spec: Spec): string {
  if (spec.kind !== 'object') throw new TypeError(`${heading} is not an object.`);
  const { fields, required } = spec;
  const rows = Object.entries(fields).map(([key, field]) => [
    `\`${key}\`${required.includes(key) ? ' (required)' : ''}`,
    shapeOf(field),
    plain(field.description),
  ]);
  return [`## ${heading}`, '', ...markdownTable(['key', 'value', 'meaning'], rows)].join('\n');
}

function kinds(heading: string, table: Readonly<Record<string, { readonly spec: Spec }>>): string {
  const rows = Object.entries(table).map(([name, { spec }]) => [
    `\`${name}\``,
    optionsOf(spec),
    plain(spec.description),
  ]);
  return [`## ${heading}`, '', ...markdownTable(['name', 'options', 'what it does'], rows)].join('\n');
}

function optionsOf(spec: Spec): string {
  if (spec.kind !== 'object') return '';
  return Object.entries(spec.fields)
    .map(([key, field]) => `\`${key}\`${spec.required.includes(key) ? ' (required)' : ''}: ${plain(field.description)}`)
    .join('; ');
}

function shapeOf(spec: Spec): string {
  switch (spec.kind) {
    case 'text':
      return spec.as === undefined ? 'string' : spec.as === 'path' ? 'path' : 'path or URL';
    case 'number':
      return `number, ${spec.range.min} to ${spec.range.max}`;
    case 'switch':
      return '`true` or `false`';
    case 'choice':
      return spec.choices.map((choice) => `\`${choice}\``).join(', ');
    case 'list':
      return spec.of.kind === 'named' ? 'list of names, or of `{ name: options }`' : `list: ${shapeOf(spec.of)}`;
    case 'map':
      return `object: ${spec.namespaces ? 'namespace' : 'name'} → ${spec.of.kind === 'object' ? 'as below' : shapeOf(spec.of)}`;
    case 'object':
      return Object.keys(spec.fields)
        .map((key) => `\`${key}\``)
        .join(', ');
    case 'either':
      return spec.of.map(shapeOf).join('; or ');
    case 'program':
      return `in a program also ${spec.description}`;
    case 'code':
      return 'path; in a program also a function';
    case 'named':
    case 'json':
      return 'any JSON';
  }
}

/** Escapes characters with a meaning in Markdown tables, HTML or emphasis. */
const plain = (text: string): string => text.replace(/[|<*]/g, '\\$&');
