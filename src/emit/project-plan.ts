import { createHash } from 'node:crypto';
import type { ApiModel, Operation } from '../model/index.ts';
import { fileName, identifier, typeName, uniqueNames } from './names.ts';
import { TYPES, VALUES } from './runtime-names.ts';
import { boundUnions, settleShared } from './settle-types.ts';
import { type Type, typeOf } from './type-of.ts';

/** Every name and type of an emitted project, decided before anything is written. */
export interface ProjectPlan {
  readonly model: ApiModel;
  /** `pet-shop`: the name of the main file, and of the schema data. */
  readonly file: string;
  /** `PetShop` */
  readonly type: string;
  /** Changes whenever the model or the generator does. */
  readonly revision: string;
  readonly groups: readonly Group[];
  readonly shared: readonly SharedType[];
  /** By name in the model. */
  readonly sharedNames: ReadonlyMap<string, string>;
  readonly sharedTypes: ReadonlyMap<string, Type>;
}

/** The operations of one tag. */
export interface Group {
  /** `pull-requests`: the name of the file. */
  readonly file: string;
  /** `pullRequests`: the name in the client, and of the imported module. */
  readonly name: string;
  readonly operations: readonly PlannedOperation[];
}

export interface PlannedOperation {
  readonly operation: Operation;
  /** `getPet` */
  readonly name: string;
  /** `GetPet` */
  readonly type: string;
  readonly arguments: Type;
  /** `undefined`: the document does not describe the response. */
  readonly result: Type | undefined;
}

export interface SharedType {
  readonly name: string;
  readonly type: Type;
  readonly description?: string;
  readonly deprecated: boolean;
}

/** Keeps a line with the names of the file and of the type within the line width. */
const LONGEST_NAME = 40;

/** Files in `src` that exist for every API. */
const OWN_FILES = ['index', 'hooks', 'schemas', 'smoke', 'types', 'runtime', 'model', 'operations'];

/** Names that the generated files use themselves. */
const OWN_TYPES = [...Object.keys(TYPES), 'Operations', 'Client'];
const OWN_VALUES = [...Object.keys(VALUES), 'schemas', 'model', 'hooks', 'outline', 'groups', 'defaults'].concat([
  'options',
  'prepared',
  'revision',
]);

export function planProject(model: ApiModel, generator: string): ProjectPlan {
  const file = fileName(model.name.slice(0, LONGEST_NAME));
  const sharedNames = uniqueNames(Object.keys(model.schemas), typeName, OWN_TYPES);
  const sharedTypes = settleShared(
    new Map(Object.entries(model.schemas).map(([name, schema]) => [name, typeOf(schema)])),
  );
  return {
    model,
    file: OWN_FILES.includes(file) ? `${file}-api` : file,
    type: OWN_TYPES.includes(typeName(file)) ? `${typeName(file)}Api` : typeName(file),
    revision: createHash('sha256').update(generator).update(JSON.stringify(model)).digest('hex').slice(0, 16),
    groups: groupsOf(model, sharedTypes),
    shared: Object.entries(model.schemas).map(([name, schema]) => {
      const { description, deprecated = false } = typeof schema === 'object' ? schema : {};
      return {
        name: sharedNames.get(name) ?? name,
        type: sharedTypes.get(name) ?? typeOf(schema),
        ...(description !== undefined && { description }),
        deprecated,
      };
    }),
    sharedNames,
    sharedTypes,
  };
}

function groupsOf({ operations }: ApiModel, shared: ReadonlyMap<string, Type>): readonly Group[] {
  const names = uniqueNames(
    operations.map(({ id }) => id),
    identifier,
    OWN_VALUES,
  );
  const byFile = new Map<string, PlannedOperation[]>();
  for (const operation of operations) {
    const [tag = 'other'] = operation.origin.tags;
    const file = fileName(tag);
    const name = names.get(operation.id) ?? operation.id;
    const planned = {
      operation,
      name,
      type: name.charAt(0).toUpperCase() + name.slice(1),
      arguments: boundUnions(typeOf(operation.arguments), shared),
      result:
        operation.response.schema === undefined ? undefined : boundUnions(typeOf(operation.response.schema), shared),
    };
    byFile.set(file, [...(byFile.get(file) ?? []), planned]);
  }
  const groupNames = uniqueNames([...byFile.keys()], groupName, OWN_VALUES);
  return [...byFile].map(([file, members]) => ({ file, name: groupNames.get(file) ?? file, operations: members }));
}

/** `delete` is a valid tag, but not a valid name for an import. */
const groupName = (file: string): string => identifier(file).replace(/Operation$/, 'Operations');
