// What the words of a command line mean, and opening it.
// In: words and flags. Out: a `Target`, and from that a `Provider` with all that stands behind it.
// Promise: deciding opens nothing, and opening loads only what the kind of target needs.
export { describeTarget, type TargetWords } from './targets/describe-target.ts';
export {
  type NamedApi,
  type OpenedTarget,
  type OpenOptions,
  openTarget,
  type ServeSettings,
} from './targets/open-target.ts';
export { serverAddress } from './targets/server-address.ts';
export { type CommandTarget, type Target, targetLabel, type UrlTarget } from './targets/target.ts';
