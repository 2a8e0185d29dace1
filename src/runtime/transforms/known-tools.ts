/**
 * Tools known at compile time: name → type of the arguments. An emitted project exports those of its API as
 * `<Name>Operations`. Passed to a transform, they make a wrong name a compile error:
 *
 * ```ts
 * fixArguments<PetShopOperations>(createPetShop(), { listPets: { limit: 10 } });
 * ```
 */
export type KnownTools<Tools> = { readonly [Name in keyof Tools]: { readonly arguments: object } };

/** For unknown tools: any name, any arguments. */
export type AnyTools = Readonly<Record<string, { readonly arguments: Readonly<Record<string, unknown>> }>>;

/** Values by name: for some of the known names, otherwise for any. */
export type ByName<Names, Known, Any> = string extends keyof Names ? Readonly<Record<string, Any>> : Known;
