import {
  type ApiModel,
  type ArgumentsSchema,
  getOwn,
  type JsonSchema,
  type JsonSchemaObject,
  type Operation,
  type ToolFace,
} from '../../../model/index.ts';
import { type OutlineParts, withDefaults } from './outline-defaults.ts';

/** An operation without its schemas, and without what is the default: what an emitted project holds as a literal. */
export interface OperationOutline
  extends Omit<Operation, 'arguments' | 'origin' | 'request' | 'response' | 'tool'>,
    OutlineParts {
  readonly tool?: Omit<ToolFace, 'inputSchema' | 'outputSchema'>;
}

/** A model without its schemas. */
export interface ModelOutline extends Omit<ApiModel, 'schemas' | 'operations'> {
  readonly operations: readonly OperationOutline[];
}

/** The schemas of a model: emitted projects contain them as JSON, which loads several times faster than literals. */
export interface SchemaData {
  readonly schemas: ApiModel['schemas'];
  /** By operation id. */
  readonly operations: Readonly<Record<string, OperationSchemas>>;
}

export interface OperationSchemas {
  readonly arguments: ArgumentsSchema;
  readonly response?: JsonSchema;
  readonly inputSchema?: JsonSchemaObject;
  readonly outputSchema?: JsonSchemaObject;
}

/**
 * Combines the two halves of a model.
 *
 * @throws Error if the schemas of an operation are missing: the two were not generated together
 */
export function joinModel({ operations, ...rest }: ModelOutline, data: SchemaData): ApiModel {
  return {
    ...rest,
    schemas: data.schemas,
    operations: operations.map((outline) => {
      const schemas = getOwn(data.operations, outline.id);
      if (!schemas) throw new Error(`The schemas of operation "${outline.id}" are missing. Regenerate the project.`);
      return joined(outline, schemas);
    }),
  };
}

function joined(outline: OperationOutline, schemas: OperationSchemas): Operation {
  const { response, tool, ...rest } = withDefaults(outline);
  const { inputSchema, outputSchema } = schemas;
  return {
    ...rest,
    arguments: schemas.arguments,
    response: { ...response, ...(schemas.response !== undefined && { schema: schemas.response }) },
    ...(tool && { tool: { ...tool, ...(inputSchema && { inputSchema }), ...(outputSchema && { outputSchema }) } }),
  };
}
