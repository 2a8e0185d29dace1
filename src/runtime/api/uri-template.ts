// URI templates, RFC 6570 level 4, both ways: values into a URI, and a URI back into values.
// In: a template. Out: the URI of some values (expand), the values of some URI (match), the template that a URI is of.
// Promise: no dependency; whatever `expandTemplate` writes, `matchTemplate` reads back, as far as the RFC lets it.
export { expandTemplate, type TemplateValue, type TemplateValues } from './uri-template-expand.ts';
export { createTemplateMatcher, type TemplateMatch } from './uri-template-index.ts';
export { type MatchedValue, type MatchedValues, matchTemplate } from './uri-template-match.ts';
export { type Expression, type ParsedTemplate, parseTemplate, type Variable } from './uri-template-parse.ts';
