import type { Coercion } from './coercion.ts';

/**
 * Where every argument of an operation goes on the wire. Nothing is left to decide: each default of the OpenAPI
 * Specification (style, explode, media type …) was settled by `map`.
 */
export interface RequestPlan {
  /** As it is sent: `GET`, `POST`, `QUERY`, `PURGE` … Methods are case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  /** `api`: the servers of the model. A list: those of the path item or operation, which override them. */
  readonly servers: 'api' | readonly ServerChoice[];
  /** The path template in order: literal text (already legal in a URI path) and parameters. Starts with `/`. */
  readonly path: readonly (string | PathParameter)[];
  /**
   * Query text that stands in the path itself (`/a?x=1`), without `?`, already legal in a URI; empty when there is
   * none.
   */
  readonly fixedQuery: string;
  readonly query: readonly QueryParameter[];
  /** OpenAPI 3.2 `in: querystring`: one value that makes the whole query. */
  readonly queryString?: QueryStringParameter;
  readonly headers: readonly HeaderParameter[];
  readonly cookies: readonly CookieParameter[];
  readonly body?: BodyPlan;
  /** What puts arguments back that the provider profile shows as other values; none for most profiles. */
  readonly coercions: readonly Coercion[];
  /**
   * True where a property below the arguments carries `x-sent-as`, so values must be mapped back before they are sent.
   */
  readonly renamed: boolean;
}

/** One server of the document. `{name}` in `url` is a variable. */
export interface ServerChoice {
  /** Absolute after the variables are filled in, or relative where the document's own address is not known. */
  readonly url: string;
  /** OpenAPI 3.2 `name`. */
  readonly name?: string;
  readonly description?: string;
  readonly variables: Readonly<Record<string, ServerVariable>>;
}
export interface ServerVariable {
  /** Absent where the document gives none: then the user must. */
  readonly default?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
}

/** What every parameter has: the key of the flat arguments it is taken from, and its name on the wire. */
interface Parameter {
  readonly argument: string;
  readonly name: string;
}

/** A parameter with `content`: the value is written by its media type, then encoded for its place. */
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

/** Swagger 2.0's `collectionFormat` ssv, pipes and tsv, which may stand in any place there. */
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
  /** An empty value may be sent: `a=` where the argument is `null` or an empty list. */
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
  /** The argument that names the media type to send, where there are several. */
  readonly mediaTypeArgument?: string;
}

/**
 * One media type of the body. Which variant is sent: the one `mediaTypeArgument` names, else the first one of which an
 * argument was given, else (body required) the first one.
 */
export interface BodyVariant {
  /**
   * Exact media type for `Content-Type`, parameters included; a range such as `image/*` where the document gives one.
   */
  readonly mediaType: string;
  readonly source: BodySource;
  readonly encoding: BodyEncoding;
}

export type BodySource =
  /** The body is an object whose properties are arguments of their own. */
  | {
      readonly kind: 'fields';
      /** argument key → property name */
      readonly fields: Readonly<Record<string, string>>;
      /** Arguments that are nobody else's are properties of the body too (`additionalProperties` of the schema). */
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
  /** A string is sent as it is; other values are written by the schema's `xml` hints. */
  | { readonly kind: 'xml'; readonly xml: XmlPlan }
  /**
   * A list of items, one JSON text each: JSON Lines / NDJSON (`lines`), RFC 7464 (`json-seq`). A string is sent as it
   * is.
   */
  | { readonly kind: 'sequence'; readonly framing: 'lines' | 'json-seq' };

/** `application/x-www-form-urlencoded` */
export interface FormEncoding {
  readonly kind: 'form';
  /** By property name on the wire. */
  readonly fields: Readonly<Record<string, FormField>>;
  /** For properties that `fields` does not name. */
  readonly other: FormField;
}
export type FormField =
  /**
   * By the value: a primitive as text, a list as one pair for each item, an object as JSON (OpenAPI 3.1.1 Encoding
   * Object).
   */
  { readonly kind: 'plain' } | (StyleFormat<QueryStyle> & { readonly allowReserved: boolean }) | ContentFormat;

/** `multipart/*`. `multipart/form-data` names its parts; every other one sends them in the order of the document. */
export interface MultipartEncoding {
  readonly kind: 'multipart';
  /** By property name; where the body is a list, by index: `0`. */
  readonly parts: Readonly<Record<string, PartPlan>>;
  readonly other: PartPlan;
}
export interface PartPlan {
  /** Media types the part may have, as the document lists them; empty: by the value (text, JSON, octet-stream). */
  readonly mediaTypes: readonly string[];
  /** The value (or each item of the list) is a file value, sent as bytes. */
  readonly bytes: boolean;
  /** A list is one part for each item (arrays, RFC 7578 §4.3); otherwise the whole value is one part. */
  readonly repeat: boolean;
  /** A style for the value, where the document gives one (`multipart/form-data`, OpenAPI 3.1). */
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
  /** Refers to `XmlPlan.nodes`; the fields given here override those of the node referred to. */
  readonly ref?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly prefix?: string;
  readonly attribute?: boolean;
  /** The value is the text of the element itself (OpenAPI 3.2 `nodeType: text`). */
  readonly text?: boolean;
  readonly cdata?: boolean;
  /** A list stands inside an element of its own. */
  readonly wrapped?: boolean;
  readonly properties?: Readonly<Record<string, XmlNode>>;
  readonly items?: XmlNode;
}
