import { openTemplates } from '../../emit/templates.ts';
import { packedFile } from '../../package-root.ts';
import { httpVariables, imageOf, needsToken, servedFolders } from '../http-server.ts';
import {
  jsonText,
  PACKED_CONFIG,
  type PackFile,
  type PackSource,
  PROJECT_FOLDER,
  servedFiles,
} from '../pack-source.ts';
import { PACKED_PROGRAM } from '../program-files.ts';
import { registryName } from '../published-names.ts';

/** An image that serves over HTTP, as a user without privileges, and a compose file that starts it. */
export async function dockerFiles(source: PackSource): Promise<readonly PackFile[]> {
  const render = await openTemplates();
  const view = {
    name: source.name,
    image: imageOf(source),
    config: PACKED_CONFIG,
    program: PACKED_PROGRAM,
    packed: packedFile(source.programVersion),
    folders: servedFolders(source).filter((folder) => folder !== PROJECT_FOLDER),
    project: source.project ? PROJECT_FOLDER : '',
    install: source.project?.lock === undefined ? 'install' : 'ci',
    token: needsToken(source),
    // The MCP Registry compares it with the name in server.json.
    label: registryName(source) ?? '',
    variables: httpVariables(source).map(({ name, description }) => ({ name, about: description })),
  };
  const manifest = {
    name: `${source.name}-mcp`,
    version: source.version,
    private: true,
    dependencies: { 'openapi-mcp': `file:${packedFile(source.programVersion)}` },
  };
  return [
    { path: 'Dockerfile', content: render('pack/Dockerfile')(view) },
    { path: '.dockerignore', content: render('pack/dockerignore')(view) },
    { path: 'compose.yaml', content: render('pack/compose.yaml')(view) },
    { path: 'package.json', content: jsonText(manifest) },
    ...servedFiles(source),
  ];
}
