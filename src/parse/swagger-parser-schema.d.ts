declare module '@apidevtools/swagger-parser/lib/validators/schema.js' {
  /** Throws a `SyntaxError` with the `details` of Ajv. */
  export default function validateSchema(document: object): void;
}
