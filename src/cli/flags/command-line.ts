/** Values given on the command line, by flag name (`baseUrl`). Values of rows with `each` are lists. */
export type GivenFlags = Readonly<Record<string, unknown>>;

export interface CommandLine<Flags> {
  /** Complete: defaults are filled in. */
  readonly flags: Flags;
  readonly given: GivenFlags;
}
