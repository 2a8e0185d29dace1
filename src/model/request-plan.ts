import type { Coercion } from './coercion.ts';

/**
 * Where every argument of an operation goes in the request. Complete: `map` has resolved each default of the OpenAPI
 * Specification (style, explode, media type …).
 */
export interface RequestPlan {
  /** As sent: `GET`, `POST`, `QUERY`, `PURGE` … Methods are case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  /** `api`: the servers of the model. A list: those of the path item or operation, which override them. */
  readonly servers: 'api' | readonly ServerChoice[];
  /** The path template in order: literal text (already legal in a URI path) and parameters. Starts with `/`. */
  readonly path: readonly (string | PathParameter)[];
  /** Query text in the path itself (`/a?x=1`), without `?`, already valid in a URI; empty if there is none. */
  readonly fixedQuery: string;
  readonly query: readonly QueryParameter[];
  /** OpenAPI 3.2 `in: querystring`: one value for the entire query. */
  readonly queryString?: QueryStringParameter;
  readonly headers: readonly HeaderParameter[];
  readonly cookies: readonly CookieParameter[];
  readonly body?: BodyPlan;
  /** Restores arguments that the provider profile lists as other values; empty for most profiles. */
  readonly coercions: readonly Coercion[];
  /** True if a nested property has `x-sent-as`, so values must be renamed before they are sent. */
  readonly renamed: boolean;
}

/** One server of the document. `{name}` in `url` is a variable. */
export interface ServerChoice {
  /** Absolute after the variables are filled in, or relative if the document's own address is unknown. */
  readonly url: string;
  /** OpenAPI 3.2 `name`. */
  readonly name?: string;
  readonly description?: string;
  readonly variables: Readonly<Record<string, ServerVariable>>;
}
export interface ServerVariable {
  /** Absent if the document has none: then the user must set it. */
  readonly default?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
}

/** Every parameter has a key in the flat arguments, and its name in the request. */
interface Parameter {
  readonly argument: string;
  readonly name: string;
}

/** A parameter with `content`: the value is written by its media type, then encoded for its position. */
export interface ContentFormat {
  readonly kind: 'content';
  readonly mediaType: string;
}

/** `style`/`explode`/`allowReserved` of a parameter with `schema` (OpenAPI 3.1.1 §4.8.12 "Style Values"). */
export interface StyleFormat<Style extends string> {
  readonly kind: 'style';
  readonly style: Style;
  readonly explode: boolean;
}

/** Swagger 2.0's `collectionFormat` ssv, pipes and tsv, which is allowed in any location there. */
export type DelimitedStyle = 'spaceDelimited' | 'pipeDelimited' | 'tabDelimited';
export type PathStyle = 'simple' | 'label' | 'matrix' | DelimitedStyle;
export type QueryStyle = 'form' | 'deepObject' | DelimitedStyle;
export type HeaderStyle = 'simple' | DelimitedStyle;
export type CookieStyle = 'form' | 'cookie';

export interface PathParameter extends Parameter {
  readonly format: StyleFormat<PathStyle> | ContentFormat;
  /** RFC 6570 reserved expansion: Google's `{+name}`, or OpenAPI 3.2's `allowReserved` on a path parameter. */
  readonly allowReserved: boolean;
}
export interface QueryParameter extends Parameter {
  readonly format: StyleFormat<QueryStyle> | ContentFormat;
  readonly allowReserved: boolean;
  /** An empty value may be sent: `a=` if the argument is `null` or an empty list. */
  readonly allowEmptyValue: boolean;
}
export interface QueryStringParameter {
  readonly argument: string;
  readonly encoding: FormEncoding | { readonly kind: 'json' } | { readonly kind: 'text' };
}
export interface HeaderParameter extends Parameter {
  readonly format: StyleFormat<HeaderStyle> | ContentFormat;
}
export interface CookieParameter extends Parameter {
  readonly format: StyleFormat<CookieStyle> | ContentFormat;
}

/** The body of a request. The first variant is the default: JSON, then form, multipart, text, bytes. */
export interface BodyPlan {
  readonly required: boolean;
  readonly variants: readonly BodyVariant[];
  /** The argument that selects the media type, if there are several. */
  readonly mediaTypeArgument?: string;
}

/**
 * One media type of the body. The variant to send is the one in `mediaTypeArgument`, otherwise the first one with a
 * given argument, otherwise (if the body is required) the first one.
 */
export interface BodyVariant {
  /** Exact media type for `Content-Type`, including parameters; a range such as `image/*` if the document has one. */
  readonly mediaType: string;
  readonly source: BodySource;
  readonly encoding: BodyEncoding;
}

export type BodySource =
  /** The body is an object whose properties are separate arguments. */
  | {
      readonly kind: 'fields';
      /** argument key → property name */
      readonly fields: Readonly<Record<string, string>>;
      /** All other arguments are also properties of the body (`additionalProperties` of the schema). */
      readonly extras: boolean;
    }
  /** The body is the value of one argument. */
  | { readonly kind: 'argument'; readonly argument: string };

export type BodyEncoding =
  | { readonly kind: 'json' }
  | FormEncoding
  | MultipartEncoding
  | { readonly kind: 'text' }
  /** The argument is a file value (`FileInput`), sent as bytes. */
  | { readonly kind: 'bytes' }
  /** A string is sent unchanged; other values are written by the schema's `xml` hints. */
  | { readonly kind: 'xml'; readonly xml: XmlPlan }
  /**
   * A list of items, one JSON text each: JSON Lines / NDJSON (`lines`), RFC 7464 (`json-seq`). A string is sent
   * unchanged.
   */
  | { readonly kind: 'sequence'; readonly framing: 'lines' | 'json-seq' };

/** `application/x-www-form-urlencoded` */
export interface FormEncoding {
  readonly kind: 'form';
  /** By property name in the request. */
  readonly fields: Readonly<Record<string, FormField>>;
  /** For properties that are not in `fields`. */
  readonly other: FormField;
}
export type FormField =
  /** By value: a primitive as text, a list as one pair per item, an object as JSON (OpenAPI 3.1.1 Encoding Object). */
  { readonly kind: 'plain' } | (StyleFormat<QueryStyle> & { readonly allowReserved: boolean }) | ContentFormat;

/** `multipart/*`. `multipart/form-data` names its parts; other types send them in the order of the document. */
export interface MultipartEncoding {
  readonly kind: 'multipart';
  /** By property name; if the body is a list, by index: `0`. */
  readonly parts: Readonly<Record<string, PartPlan>>;
  readonly other: PartPlan;
}
export interface PartPlan {
  /** Allowed media types of the part, as in the document; empty: by value (text, JSON, octet-stream). */
  readonly mediaTypes: readonly string[];
  /** The value (or each item of the list) is a file value, sent as bytes. */
  readonly bytes: boolean;
  /** A list is one part per item (arrays, RFC 7578 §4.3); otherwise the value is one part. */
  readonly repeat: boolean;
  /** A style for the value, if the document has one (`multipart/form-data`, OpenAPI 3.1). */
  readonly format?: StyleFormat<QueryStyle>;
  readonly headers: readonly HeaderParameter[];
}

/** How a JSON value is written as XML (OpenAPI 3.1.1 XML Object). */
export interface XmlPlan {
  readonly root: XmlNode;
  /** Nodes of recursive schemas, by name. */
  readonly nodes: Readonly<Record<string, XmlNode>>;
}
export interface XmlNode {
  /** References `XmlPlan.nodes`; the fields here override those of the node. */
  readonly ref?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly prefix?: string;
  readonly attribute?: boolean;
  /** The value is the text of the element itself (OpenAPI 3.2 `nodeType: text`). */
  readonly text?: boolean;
  readonly cdata?: boolean;
  /** A list is wrapped in its own element. */
  readonly wrapped?: boolean;
  readonly properties?: Readonly<Record<string, XmlNode>>;
  readonly items?: XmlNode;
}
