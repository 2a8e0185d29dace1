import { visibleText } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';
import { cutText } from '../../text/cut-text.ts';
import type { Answer } from '../read/answer.ts';

/** What the response of a status operation says about the job. */
export interface JobState {
  readonly isRunning: boolean;
  readonly isFailed: boolean;
  /** As the API writes it: `in_progress`. */
  readonly said?: string;
  /** 0 to 100, if the API says it. */
  readonly percent?: number;
}

/** Members that name the state, and members that such a member may be in. */
const STATE_NAMES = ['status', 'state', 'phase', 'jobstatus', 'jobstate', 'provisioningstate'];
const AROUND = ['job', 'task', 'operation', 'data', 'attributes', 'properties', 'metadata', 'result'];
const DONE_NAMES = ['done', 'completed', 'finished', 'iscomplete', 'isdone'];
const PERCENT_NAMES = ['percent', 'percentage', 'percentcomplete', 'progresspercent', 'progress'];

/** Of the many words that APIs use, those that can only mean that work is left. Any other one ends the job. */
const RUNNING = new Set(
  `accepted active building canceling cancelling creating deleting enqueued executing initializing inprogress
  notstarted pending preparing processing provisioning queued requested running scheduled started starting submitted
  updating validating waiting working`.split(/\s+/),
);
const FAILED = new Set(
  'aborted cancelled canceled crashed dead error errored expired failed failure rejected terminated timedout'.split(
    ' ',
  ),
);

/**
 * The state of a job. RFC 9110 §15.3.3 leaves it to the API: another 202 goes on, `done: false` goes on, and so does a
 * status such as `pending`. What says none of this is the result of the job.
 */
export function jobState(status: number, answer: Answer): JobState {
  const value = answer.kind === 'json' ? answer.value : undefined;
  const said = stateIn(value);
  const word = plain(said ?? '');
  const percent = percentIn(value);
  return {
    isRunning: status === 202 || (said === undefined ? doneIn(value) === false : RUNNING.has(word)),
    isFailed: FAILED.has(word),
    ...(said !== undefined && { said: cutText(visibleText(said), LONGEST_STATE) }),
    ...(percent !== undefined && { percent }),
  };
}

/** In characters: it becomes part of a sentence. */
const LONGEST_STATE = 60;

const plain = (word: string): string => word.toLowerCase().replace(/[^a-z]/g, '');

/** A member by its name, whatever its case and separators. */
export function memberOf(value: unknown, names: readonly string[]): unknown {
  if (!isRecord(value)) return undefined;
  for (const name of names) {
    const key = Object.keys(value).find((each) => plain(each) === name);
    if (key !== undefined) return value[key];
  }
  return undefined;
}

function stateIn(value: unknown, depth = 0): string | undefined {
  const found = memberOf(value, STATE_NAMES);
  if (typeof found === 'string') return found;
  if (depth > 1) return undefined;
  const inside = isRecord(found) ? (found.state ?? found.status ?? found.name ?? found.value) : undefined;
  if (typeof inside === 'string') return inside;
  for (const name of AROUND) {
    const state = stateIn(memberOf(value, [name]), depth + 1);
    if (state !== undefined) return state;
  }
  return undefined;
}

function doneIn(value: unknown): boolean | undefined {
  const found = memberOf(value, DONE_NAMES);
  return typeof found === 'boolean' ? found : undefined;
}

function percentIn(value: unknown): number | undefined {
  const found = memberOf(value, PERCENT_NAMES) ?? memberOf(memberOf(value, AROUND), PERCENT_NAMES);
  return typeof found === 'number' && found >= 0 && found <= 100 ? found : undefined;
}
