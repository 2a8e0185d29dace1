import type {
  ApiModel,
  ArgumentsSchema,
  JsonSchema,
  JsonSchemaObject,
  Operation,
  ResponsePlan,
  ToolFace,
} from '../../model/index.ts';

/** An operation without its schemas: what an emitted project holds as a typed literal. */
export interface OperationOutline extends Omit<Operation, 'arguments' | 'response' | 'tool'> {
  readonly response: Omit<ResponsePlan, 'schema'>;
  readonly tool?: Omit<ToolFace, 'inputSchema' | 'outputSchema'>;
}

/** A model without its schemas. */
export interface ModelOutline extends Omit<ApiModel, 'schemas' | 'operations'> {
  readonly operations: readonly OperationOutline[];
}

/** The schemas of a model: what an emitted project holds as JSON, which is read several times faster than literals. */
export interface SchemaData {
  readonly schemas: ApiModel['schemas'];
  /** By the id of the operation. */
  readonly operations: Readonly<Record<string, OperationSchemas>>;
}

export interface OperationSchemas {
  readonly arguments: ArgumentsSchema;
  readonly response?: JsonSchema;
  readonly inputSchema?: JsonSchemaObject;
  readonly outputSchema?: JsonSchemaObject;
}

/** The two halves of a model. {@link joinModel} puts them together again. */
export function splitModel({ schemas, operations, ...rest }: ApiModel): { outline: ModelOutline; data: SchemaData } {
  return {
    outline: { ...rest, operations: operations.map(outlineOf) },
    data: {
      schemas,
      operations: Object.fromEntries(operations.map((operation) => [operation.id, schemasOf(operation)])),
    },
  };
}

/** @throws Error where the data lacks an operation: the two were not generated together. */
export function joinModel({ operations, ...rest }: ModelOutline, data: SchemaData): ApiModel {
  return {
    ...rest,
    schemas: data.schemas,
    operations: operations.map((outline) => {
      const schemas = data.operations[outline.id];
      if (!schemas)
        throw new Error(`The schemas of operation "${outline.id}" are missing. Generate the project again.`);
      return joined(outline, schemas);
    }),
  };
}

function outlineOf({ arguments: _, response, tool, ...rest }: Operation): OperationOutline {
  const { schema: _schema, ...plan } = response;
  if (!tool) return { ...rest, response: plan };
  const { inputSchema: _input, outputSchema: _output, ...face } = tool;
  return { ...rest, response: plan, tool: face };
}

function schemasOf({ arguments: exact, response, tool }: Operation): OperationSchemas {
  return {
    arguments: exact,
    ...(response.schema !== undefined && { response: response.schema }),
    ...(tool?.inputSchema && { inputSchema: tool.inputSchema }),
    ...(tool?.outputSchema && { outputSchema: tool.outputSchema }),
  };
}

function joined({ response, tool, ...rest }: OperationOutline, schemas: OperationSchemas): Operation {
  const { inputSchema, outputSchema } = schemas;
  return {
    ...rest,
    arguments: schemas.arguments,
    response: { ...response, ...(schemas.response !== undefined && { schema: schemas.response }) },
    ...(tool && { tool: { ...tool, ...(inputSchema && { inputSchema }), ...(outputSchema && { outputSchema }) } }),
  };
}
