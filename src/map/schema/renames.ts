import { escapedText, type JsonSchema } from '../../model/index.ts';
import { appendSentence, type Draft } from './context.ts';

/** Properties that are renamed because their names are not safe for every model provider. */
export interface Renames {
  /** Whether any property has been renamed so far. */
  readonly any: boolean;
  /** Marks a renamed property with the name to send, for the conversion back and for the reader. */
  sentAs(schema: JsonSchema, name: string): JsonSchema;
  /** The property under its original name, without the mark. */
  unmarked(key: string, schema: JsonSchema): { readonly name: string; readonly schema: JsonSchema };
}

export function createRenames(): Renames {
  const originals = new WeakMap<object, JsonSchema>();
  let any = false;
  return {
    get any() {
      return any;
    },
    sentAs(schema, name) {
      any = true;
      const marked: Draft = typeof schema === 'boolean' ? (schema ? {} : { not: {} }) : { ...schema };
      appendSentence(marked, `Sent as "${escapedText(name)}".`);
      marked['x-sent-as'] = name;
      originals.set(marked, schema);
      return marked as JsonSchema;
    },
    unmarked(key, schema) {
      if (typeof schema === 'boolean' || schema['x-sent-as'] === undefined) return { name: key, schema };
      const { 'x-sent-as': name, ...rest } = schema;
      const original = originals.get(schema) ?? rest;
      if (typeof original === 'boolean' || original.description === undefined) return { name, schema: original };
      const { description, ...constraints } = original;
      return { name, schema: { ...constraints, description } };
    },
  };
}
