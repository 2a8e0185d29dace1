import { once } from '../runtime/once.ts';
import { templateText } from './own-files.ts';

/** Renders a template of this package by its name: `pack/Dockerfile`. */
export type Render = (name: string) => (view: object) => string;

/** Compiled once: generating several projects compiles each template once. */
export const openTemplates: () => Promise<Render> = once(async () => {
  const { default: Handlebars } = await import('handlebars');
  const compiled = new Map<string, ReturnType<typeof Handlebars.compile>>();
  return (name: string) => {
    // Everything is escaped for the language of its file beforehand, so HTML escaping would damage it.
    const options = { strict: true, noEscape: true, preventIndent: true };
    const template = compiled.get(name) ?? Handlebars.compile(templateText(name), options);
    compiled.set(name, template);
    return template;
  };
});
