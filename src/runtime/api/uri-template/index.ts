// URI templates (RFC 6570 level 4), in both directions. In: a template. Out: the URI for values (expand), the values of
// a URI (match), the template that matches a URI. Promise: no dependency; `matchTemplate` reads back whatever
// `expandTemplate` writes, as far as the RFC allows.
export { expandTemplate, type TemplateValue, type TemplateValues } from './expand.ts';
export { type MatchedValue, type MatchedValues, matchTemplate } from './match.ts';
export { type Expression, type ParsedTemplate, parseTemplate, type Variable } from './parse.ts';
export { createTemplateMatcher, type TemplateMatch } from './template-index.ts';
