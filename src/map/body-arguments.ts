import {
  type BodyEncoding,
  type BodyPlan,
  type BodySource,
  essenceOf,
  type JsonSchema,
  mediaKind,
} from '../model/index.ts';
import { remembered } from '../runtime/remembered.ts';
import type { KeyOf, WantedArgument } from './arguments.ts';
import type { BodyShape, SettledBody, SettledEncoding, SettledVariant } from './body-plan.ts';
import { rememberedByKey } from './remembered-by-key.ts';

/** A body, and which of its variants share arguments. */
export interface GroupedBody extends SettledBody {
  readonly groups: readonly BodyGroup[];
  /** With several groups, each is optional: the one that is passed decides the media type. */
  readonly isRequiredByGroup: boolean;
}

/** Variants that share their arguments, because their schemas are the same. */
export interface BodyGroup {
  /** The variant that the arguments are derived from. */
  readonly first: SettledVariant;
  readonly variants: readonly SettledVariant[];
  /** Its fields become arguments; only one group has a shape. `undefined`: the body is one argument. */
  readonly shape: BodyShape | undefined;
}

export function groupBody(body: SettledBody): GroupedBody {
  const bySource = new Map<string, SettledVariant[]>();
  for (const variant of body.variants) {
    const source = body.variants.length === 1 ? '' : JSON.stringify(variant.shape ?? [variant.schema]);
    bySource.set(source, [...(bySource.get(source) ?? []), variant]);
  }
  const groups = [...bySource.values()].flatMap((variants, index): BodyGroup[] => {
    const [first] = variants;
    return first ? [{ first, variants, shape: index === 0 ? first.shape : undefined }] : [];
  });
  return { ...body, groups, isRequiredByGroup: body.required && groups.length === 1 };
}

/** The arguments of a body, in order: for each field, variant, header of a part, or for the body itself. */
export function bodyArguments(body: GroupedBody): readonly WantedArgument[] {
  const ofGroups = body.groups.flatMap((group, index) => [
    ...(group.shape ? fieldArguments(group.shape, body) : [wholeArgument(group.first, index, body)]),
    ...group.variants.flatMap(headerArguments),
  ]);
  return body.variants.length > 1 ? [...ofGroups, mediaTypeArgument(body)] : ofGroups;
}

const fieldArguments = (shape: BodyShape, { isRequiredByGroup }: GroupedBody): readonly WantedArgument[] =>
  (isRequiredByGroup ? asRequired : asOptional)(shape);

/** Many bodies have the same shape. */
const wantedFields = (isRequired: boolean) =>
  remembered(({ fields }: BodyShape): readonly WantedArgument[] =>
    fields.map((field) => ({
      of: field,
      name: field.name,
      what: 'property of the body',
      place: 'body',
      schema: field.schema,
      required: field.required && isRequired,
    })),
  );
const asRequired = wantedFields(true);
const asOptional = wantedFields(false);

function wholeArgument(variant: SettledVariant, index: number, body: GroupedBody): WantedArgument {
  const { schema, mediaType } = variant;
  const own = typeof schema === 'object' ? schema : {};
  const said = index === 0 ? body.description : undefined;
  const description = own.description ?? said ?? `The request body as ${essenceOf(mediaType)}.`;
  return {
    of: variant,
    name: index === 0 ? 'body' : `body_${mediaKind(mediaType)}`,
    what: 'body',
    place: 'body',
    schema: own.description === undefined ? { ...own, description } : own,
    required: body.isRequiredByGroup,
  };
}

const headerArguments = ({ encoding }: SettledVariant): readonly WantedArgument[] =>
  encoding.kind !== 'multipart'
    ? []
    : encoding.parts.flatMap(({ name: part, headers }) =>
        headers.map((header) => ({
          of: header,
          name: `${part}_${header.name}`,
          what: `header of the part "${part}":`,
          place: 'part',
          schema: header.schema,
          required: false,
        })),
      );

function mediaTypeArgument(body: GroupedBody): WantedArgument {
  const mediaTypes = body.variants.map(({ mediaType }) => mediaType);
  const description = `Media type of the request body. Default: ${mediaTypes[0]}.`;
  const schema: JsonSchema = { type: 'string', enum: mediaTypes, description };
  return { of: body, name: 'contentType', what: 'media type of the body', place: 'body', schema, required: false };
}

/** By argument: the arguments that must accompany it. In an optional body, these are all that the body requires. */
export function comingTogether(body: GroupedBody, keyOf: KeyOf): Readonly<Record<string, readonly string[]>> {
  const fields = body.isRequiredByGroup ? [] : body.groups.flatMap(({ shape }) => shape?.fields ?? []);
  const needed = fields.filter(({ required }) => required);
  return Object.fromEntries(
    fields.flatMap((field) => {
      const others = needed.filter((other) => other !== field).map(keyOf);
      return others.length > 0 ? [[keyOf(field), others]] : [];
    }),
  );
}

export function bodyPlan(body: GroupedBody, keyOf: KeyOf): BodyPlan {
  const sources = new Map(
    body.groups.flatMap(({ first, variants, shape }) => {
      const source = shape ? fieldsSource(shape, keyOf) : ({ kind: 'argument', argument: keyOf(first) } as const);
      return variants.map((variant) => [variant, source] as const);
    }),
  );
  return {
    required: body.required,
    variants: body.variants.flatMap((variant) => {
      const source = sources.get(variant);
      return source ? [{ mediaType: variant.mediaType, source, encoding: settled(variant.encoding, keyOf) }] : [];
    }),
    ...(body.variants.length > 1 && { mediaTypeArgument: keyOf(body) }),
  };
}

const fieldsSource = (shape: BodyShape, keyOf: KeyOf): BodySource =>
  sourceWithKeys(shape, shape.fields.map(keyOf).join(' '));

/** @param keys of the fields, in order; they contain no spaces */
const sourceWithKeys = rememberedByKey((shape: BodyShape, keys): BodySource => {
  const each = keys.split(' ');
  const fields = Object.fromEntries(shape.fields.map(({ name }, index) => [each[index], name]));
  return { kind: 'fields', fields, extras: takesExtras(shape) };
});

const takesExtras = ({ additionalProperties = false }: BodyShape): boolean => additionalProperties !== false;

/** The schema of arguments that are not declared: they are additional properties of the body. */
export const extrasOf = (body: GroupedBody | undefined): JsonSchema =>
  body?.groups[0]?.shape?.additionalProperties ?? false;

/** The encoding, with the argument keys of its parts' headers. */
function settled(encoding: SettledEncoding, keyOf: KeyOf): BodyEncoding {
  if (encoding.kind !== 'multipart') return encoding;
  const parts = encoding.parts.map(({ name: part, headers, ...plan }) => {
    const planned = headers.map((header) => ({
      argument: keyOf(header),
      name: header.name,
      format: { kind: 'style', style: 'simple', explode: header.explode } as const,
    }));
    return [part, { ...plan, headers: planned }] as const;
  });
  return { ...encoding, parts: Object.fromEntries(parts) };
}
