import type { FlagsOf } from '../../options/flags.ts';
import type { Provider } from '../../runtime/provider.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { readEnvironment } from '../flags/environment.ts';
import { openTarget } from '../targets/open-target.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import type { Target } from '../targets/target.ts';
import { type ListReport, listedAs } from './listed-as.ts';

/** What is served between two edits. */
export interface DevGeneration {
  readonly opened: OpenedTarget;
  /** In its list mode. */
  readonly listed: Provider;
  readonly list: ListReport;
  close(): Promise<void>;
}

/** Opens the target as it is now. @throws the errors of opening it */
export async function openGeneration(
  target: Target,
  line: CommandLine<FlagsOf<'dev'>>,
  onError: (error: Error) => void,
): Promise<DevGeneration> {
  const environment = readEnvironment(line.flags.envFile);
  const opened = await openTarget(target, { ...line, environment, purpose: 'serve', exec: true, onError });
  try {
    const flags = { ...line.flags, ...opened.settings, ...line.given };
    const { provider: listed, list } = await listedAs(opened, flags, { environment, isReported: true });
    return { opened, listed, list, close: () => opened.provider.close() };
  } catch (error) {
    await opened.provider.close();
    throw error;
  }
}
