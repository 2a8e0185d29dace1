/** Prefix of credential variables if several APIs are served: `git-hub` → `GIT_HUB`. */
export const credentialPrefix = (namespace: string): string => namespace.toUpperCase().replaceAll('-', '_');
