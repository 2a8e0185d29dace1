// A plugin for rolldown that makes scripts of chunks: V8 keeps the compiled code of scripts between processes, and Node 20
// that of nothing else. In place of the chunk, there is a module with its imports and exports, which runs the script.
import { Script } from 'node:vm';
import { parseAst } from 'rolldown/parseAst';
import { edited, nodesIn } from './edit-code.mjs';

/**
 * @param chunks matches the names of the chunks
 * @param runner the end of the path of the module that exports `runScript`. Its chunk must be none of these.
 */
export function chunkScripts({ chunks, runner }) {
  return {
    name: 'chunk-scripts',
    generateBundle(_, bundle) {
      const all = Object.values(bundle).filter(({ type }) => type === 'chunk');
      const run = exportOf(all, { module: runner, name: 'runScript' });
      const aliases = aliasesIn(all);
      for (const chunk of all) {
        const tree = parseAst(chunk.code);
        if (!chunks.test(chunk.name)) {
          chunk.code = edited(chunk.code, aliasEdits(nodesIn(tree), { aliases, load: 'import' }));
          continue;
        }
        const fileName = chunk.fileName.replace(/\.js$/, '.script.js');
        const { script, module } = splitChunk(chunk.code, tree, { fileName, run, aliases });
        this.emitFile({ type: 'asset', fileName, source: script });
        chunk.code = module;
      }
      for (const fileName of unused(all, { aliases, run, runner })) delete bundle[fileName];
    },
  };
}

/** What the script is called with, before what the chunk imports. */
const IMPORT = '__import';
const META = '__meta';
const BUILTIN = '__builtin';

/**
 * The script is a function that takes what the chunk imports, and returns what it exports, in the order of both. It gets
 * Node's own modules by itself, without what Node makes for `import`.
 */
function splitChunk(code, tree, { fileName, run, aliases }) {
  const statements = tree.body.filter(({ type }) => /^(?:Import|Export)/.test(type));
  const imports = statements.filter(({ type }) => type === 'ImportDeclaration');
  const [builtin, others] = [true, false].map((own) => imports.filter(({ source }) => isBuiltin(source.value) === own));
  const exported = statements.filter((each) => !imports.includes(each)).flatMap(exportedOf);
  const nodes = nodesIn(tree);
  checkExports(exported, { tree, nodes });
  checkTags(nodes, code);

  const imported = others.flatMap(({ specifiers }) => specifiers.map(({ local }) => local.name));
  const body = edited(code, [
    ...statements.map(({ start, end }) => ({ start, end, text: '' })),
    ...nodes.flatMap(moduleEdit),
    ...aliasEdits(nodes, { aliases, load: IMPORT }),
  ]);
  const script = inAscii(
    [
      `(function(${[IMPORT, META, BUILTIN, ...imported].join(',')}){"use strict";`,
      ...builtin.map(requireOf),
      `${body}\n`,
      `return[${exported.map(({ local }) => local).join(',')}]})`,
    ].join(''),
  );
  // Throws if something is left that only modules may contain.
  new Script(script, { filename: fileName });
  const names = exported.map((_, index) => `$${index}`);
  const module = [
    ...others.map(({ start, end }) => code.slice(start, end)),
    `import{${run.exported} as __run}from"./${run.fileName}";`,
    `const[${names.join(',')}]=__run("${fileName}",(id)=>import(id),import.meta,[${imported.join(',')}]);`,
    `export{${exported.map(({ name }, index) => `${names[index]} as ${name}`).join(',')}};`,
  ].join('\n');
  return { script, module };
}

const isBuiltin = (source) => source.startsWith('node:');

function requireOf({ source, specifiers }) {
  return specifiers
    .map(({ type, imported, local }) => {
      const name = type === 'ImportSpecifier' ? `{${imported.name}:${local.name}}` : local.name;
      return `const ${name}=${BUILTIN}("${source.value}");`;
    })
    .join('');
}

function exportedOf({ type, declaration, source, specifiers = [] }) {
  if (type !== 'ExportNamedDeclaration' || declaration || source) throw new Error(`Cannot make a script with ${type}.`);
  return specifiers.map(({ local, exported }) => ({ local: local.name, name: exported.name }));
}

/** What a statement declares with `let` or `var`. */
function variablesOf({ type, kind, declarations }) {
  return type === 'VariableDeclaration' && kind !== 'const' ? declarations.flatMap(({ id }) => namesIn(id)) : [];
}

/** A script returns values, not variables. */
function checkExports(exported, { tree, nodes }) {
  const variables = new Set(tree.body.flatMap(variablesOf));
  const assigned = new Set(
    nodes.flatMap(({ type, left, argument }) => {
      if (type === 'AssignmentExpression') return namesIn(left);
      return type === 'UpdateExpression' ? namesIn(argument) : [];
    }),
  );
  // In whatever scope: a variable of the same name is rare.
  const changing = exported.find(({ local }) => variables.has(local) && assigned.has(local));
  if (changing) throw new Error(`A script cannot export ${changing.local}, which is assigned to.`);
}

/** The function of a tagged template sees how the template is written. */
function checkTags(nodes, code) {
  const tagged = nodes.filter(({ type }) => type === 'TaggedTemplateExpression');
  const text = tagged.map(({ start, end }) => code.slice(start, end)).find((each) => each !== inAscii(each));
  if (text !== undefined) throw new Error(`Cannot write ${text} in ASCII.`);
}

/** What a script has in place of `import()` and `import.meta`. */
function moduleEdit({ type, start, end, meta }) {
  if (type === 'ImportExpression') return [{ start, end: start + 'import'.length, text: IMPORT }];
  return type === 'MetaProperty' && meta.name === 'import' ? [{ start, end, text: META }] : [];
}

/** The variables of an assignment's left side. */
function namesIn(target) {
  if (target?.type === 'Identifier') return [target.name];
  if (target?.type === 'ArrayPattern') return target.elements.flatMap(namesIn);
  if (target?.type === 'ObjectPattern')
    return target.properties.flatMap(({ value, argument }) => namesIn(value ?? argument));
  if (target?.type === 'AssignmentPattern') return namesIn(target.left);
  return target?.type === 'RestElement' ? namesIn(target.argument) : [];
}

/** A chunk that only passes on what another one exports is not loaded. */
function aliasEdits(nodes, { aliases, load }) {
  return nodes.flatMap(({ type, source, start, end }) => {
    const alias = type === 'ImportExpression' ? aliases.get(fileOf(source)) : undefined;
    if (alias === undefined) return [];
    const names = alias.names.map(({ name, from }) => `${name}:__chunk.${from}`);
    return [{ start, end, text: `${load}("./${alias.fileName}").then(__chunk=>({${names.join(',')}}))` }];
  });
}

/** The file that a specifier names, if it is a text. */
function fileOf({ value, quasis = [], expressions = [] }) {
  const specifier = quasis.length === 1 && expressions.length === 0 ? quasis[0].value.cooked : value;
  return typeof specifier === 'string' ? specifier.replace(/^\.\//, '') : undefined;
}

/** By file: which chunk it passes on, and under which names. */
function aliasesIn(chunks) {
  const found = chunks
    .filter(({ isEntry }) => !isEntry)
    .map(({ fileName, code }) => [fileName, aliasIn(parseAst(code))]);
  return new Map(found.filter(([, alias]) => alias !== undefined));
}

/** Two statements, of which the second exports what the first imports. */
function aliasIn({ body: [imports, exports, ...others] }) {
  if (imports?.type !== 'ImportDeclaration' || exports?.type !== 'ExportNamedDeclaration' || others.length > 0) return;
  if (!imports.source.value.startsWith('./') || imports.specifiers.some(({ imported }) => !imported)) return;
  const origins = new Map(imports.specifiers.map(({ imported, local }) => [local.name, imported.name]));
  const names = exportedOf(exports).map(({ local, name }) => ({ name, from: origins.get(local) }));
  return { fileName: imports.source.value.slice(2), names };
}

/** Chunks that nothing loads: aliases, and the entry without which the runner would not be exported. */
function unused(chunks, { aliases, run, runner }) {
  const needed = new Set([run.fileName, ...chunks.flatMap(({ imports }) => imports)]);
  const entries = chunks.filter(({ isEntry, facadeModuleId }) => isEntry && isModule(facadeModuleId, runner));
  return [...aliases.keys(), ...entries.map(({ fileName }) => fileName)].filter((each) => !needed.has(each));
}

const isModule = (id, end) => id.replaceAll('\\', '/').endsWith(end);

/** Where an export of a module is found in the bundle. */
function exportOf(chunks, { module, name }) {
  const chunk = chunks.find(({ moduleIds }) => moduleIds.some((id) => isModule(id, module)));
  const found = parseAst(chunk.code)
    .body.filter(({ type }) => type.startsWith('Export'))
    .flatMap(exportedOf)
    .find(({ local }) => local === name);
  if (!found) throw new Error(`${chunk.fileName} does not export ${name}.`);
  return { fileName: chunk.fileName, exported: found.name };
}

/** With one other character, V8 stores the script in two bytes per character, and Node has to decode it. */
function inAscii(script) {
  return script.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
