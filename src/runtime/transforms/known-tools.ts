/**
 * Tools that are known when a program is compiled: name → the type of the arguments. An emitted project exports those of
 * its API as `<Name>Operations`; given to a transform, a wrong name is an error of the compiler:
 *
 * ```ts
 * fixArguments<PetShopOperations>(createPetShop(), { listPets: { limit: 10 } });
 * ```
 */
export type KnownTools<Tools> = { readonly [Name in keyof Tools]: { readonly arguments: object } };

/** What a transform is given where nothing is known: any name, any arguments. */
export type AnyTools = Readonly<Record<string, { readonly arguments: Readonly<Record<string, unknown>> }>>;

/** Something by name: for some of those that are known, else for any. */
export type ByName<Names, Known, Any> = string extends keyof Names ? Readonly<Record<string, Any>> : Known;
