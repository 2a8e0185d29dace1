/**
 * The variable names of an RFC 6570 template, parsed from its literal type: `users://{id}{?fields,page}` → `id`,
 * `fields`, `page`.
 */
export type TemplateVariables<Template extends string> = string extends Template
  ? string
  : Template extends `${string}{${infer Expression}}${infer Rest}`
    ? NamesIn<WithoutOperator<Expression>> | TemplateVariables<Rest>
    : never;

type Operator = '+' | '#' | '.' | '/' | ';' | '?' | '&';
type WithoutOperator<Expression extends string> = Expression extends `${Operator}${infer Names}` ? Names : Expression;
type NamesIn<List extends string> = List extends `${infer First},${infer Rest}`
  ? NameOf<First> | NamesIn<Rest>
  : NameOf<List>;
/** Without the modifiers of RFC 6570 §2.4: explode (`*`) and prefix (`:3`). */
type NameOf<Spec extends string> = Spec extends `${infer Name}*`
  ? Name
  : Spec extends `${infer Name}:${number}`
    ? Name
    : Spec;

/** Variables that an expansion may omit without affecting the rest: those of a query. */
type Optional<Template extends string> = Template extends `${string}{${'?' | '&'}${infer Names}}${infer Rest}`
  ? NamesIn<Names> | Optional<Rest>
  : never;

/** Lists come from exploded variables (`{/path*}`). */
type Exploded<Template extends string> = Template extends `${string}{${infer Expression}}${infer Rest}`
  ? ExplodedIn<WithoutOperator<Expression>> | Exploded<Rest>
  : never;
type ExplodedIn<List extends string> = List extends `${infer First},${infer Rest}`
  ? ExplodedIn<First> | ExplodedIn<Rest>
  : List extends `${infer Name}*`
    ? Name
    : never;

type ValueOf<Template extends string, Name> = Name extends Exploded<Template> ? readonly string[] : string;

/** The variables that a handler of the template receives, decoded. */
export type TemplateValues<Template extends string> = string extends Template
  ? Readonly<Record<string, string | readonly string[] | undefined>>
  : { readonly [Name in Exclude<TemplateVariables<Template>, Optional<Template>>]: ValueOf<Template, Name> } & {
      readonly [Name in Optional<Template>]?: ValueOf<Template, Name>;
    };
