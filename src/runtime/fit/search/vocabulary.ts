import { stem } from '../../api/facts/words.ts';
import { MEANINGS } from './everyday-words.ts';

/** What an operation does, or a request asks for. */
export type Action = 'list' | 'read' | 'search' | 'create' | 'update' | 'delete';

/** The actions that change nothing. */
export const READS: ReadonlySet<Action> = new Set(['list', 'read', 'search']);

/**
 * Verbs of requests, by what they ask for. Only words of every API: rows for single fields made search worse, because
 * they match operations of other fields.
 */
const VERBS: Readonly<Record<Action, string>> = {
  list: 'list show see view browse enumerate display which all every',
  read: 'get read fetch retrieve show see view open check tell describe inspect load look give',
  search: 'search find query filter locate lookup seek discover match',
  create:
    'create add make new post write register start launch submit insert upload invite send publish schedule book open ' +
    'generate issue build import save store put fork clone copy record request trigger provision spin attach enable subscribe',
  update:
    'update change edit modify set rename patch replace move assign mark adjust configure toggle put transfer convert ' +
    'correct fix alter resize reset restore swap switch reopen pause resume lock unlock enable disable',
  delete:
    'delete remove cancel revoke end stop kill drop clear destroy unlink detach erase purge uninstall discard leave ' +
    'unsubscribe terminate deactivate trash wipe dismiss kick unpin unassign',
};

export const ACTIONS_OF_VERB: ReadonlyMap<string, ReadonlySet<Action>> = actionsByStem();

function actionsByStem() {
  const actions = new Map<string, Set<Action>>();
  for (const [action, verbs] of Object.entries(VERBS) as [Action, string][])
    for (const verb of verbs.split(' ')) {
      const known = actions.get(stem(verb)) ?? new Set<Action>();
      actions.set(stem(verb), known.add(action));
    }
  return actions;
}

/** Which other actions answer a request for this one. */
export const ALSO_ANSWERS: Readonly<Record<Action, readonly Action[]>> = {
  list: ['read', 'search'],
  read: ['list'],
  search: ['list'],
  create: [],
  update: [],
  delete: [],
};

/**
 * Verbs that mean something else with a particle, which may follow a few words later (`log her out`), and what they mean
 * in the words of an API.
 */
const PHRASES: Readonly<Record<string, string>> = {
  'get rid': 'delete remove',
  'throw away': 'delete remove prune',
  'throw out': 'remove kick delete',
  'kick out': 'kick remove ban',
  'take out': 'remove delete',
  'take off': 'remove',
  'take down': 'delete remove stop unpublish',
  'take back': 'revoke restore',
  'keep out': 'ban block',
  'let in': 'approve accept join',
  'log out': 'logout session revoke',
  'sign out': 'logout session revoke',
  'log in': 'login session token',
  'sign in': 'login session token',
  'sign up': 'signup register create',
  'look up': 'search find lookup',
  'set up': 'create add setup',
  'spin up': 'create start',
  'bring up': 'start create',
  'bring in': 'invite add',
  'bring into': 'invite add',
  'bring back': 'restore recover',
  'put back': 'restore rollback',
  'put in': 'add create',
  'put into': 'add create',
  'put on': 'add',
  'go back': 'rollback restore revert',
  'roll back': 'rollback restore revert',
  'turn off': 'disable delete stop',
  'switch off': 'disable delete stop',
  'shut off': 'disable stop',
  'shut down': 'stop shutdown delete',
  'turn on': 'enable start',
  'switch on': 'enable start',
  'turn down': 'decline volume',
  'give back': 'refund return',
  'money back': 'refund',
  'pay back': 'refund',
  'call off': 'cancel delete',
  'push back': 'update move reschedule',
  'try again': 'retry rerun',
  'run again': 'rerun retry restart',
  'start over': 'restart reset',
  'hand over': 'transfer',
  'pass on': 'forward send',
  'fill in': 'update',
  'write down': 'create add',
  'sum up': 'summary statistics',
  'how many': 'count statistics total',
  'how much': 'usage balance count total',
  'thumbs up': 'reaction like approve',
  'point at': 'record set',
  'point to': 'record set',
  'opt out': 'unsubscribe',
  'check out': 'checkout',
  'hold off': 'pause',
  'back up': 'backup snapshot',
  'carry on': 'resume',
  'pick up': 'resume get',
  'add to': 'add invite',
  'move to': 'move transfer update',
  'run on': 'execute',
};

/** What a verb means with a particle: stem of the verb → particle → stems. */
export const PHRASES_OF: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> = phrasesByVerb();

function phrasesByVerb() {
  const phrases = new Map<string, Map<string, readonly string[]>>();
  for (const [phrase, meaning] of Object.entries(PHRASES)) {
    const [verb = '', particle = ''] = phrase.split(' ');
    const known = phrases.get(stem(verb)) ?? new Map<string, readonly string[]>();
    phrases.set(stem(verb), known.set(particle, meaning.split(' ').map(stem)));
  }
  return phrases;
}

/** Words of one row stand for each other: general words of APIs and of people who use them. */
const SYNONYMS = [
  'user member person teammate colleague people employee',
  'account profile',
  'organization company workspace',
  'team group',
  'message chat dm text',
  'chat conversation thread',
  'repository project codebase',
  'picture avatar icon logo',
  'file document attachment',
  'folder directory',
  'payment charge transaction',
  'refund reimburse',
  'invoice bill receipt',
  'customer client buyer',
  'price cost fee',
  'spending cost expense usage',
  'subscription plan membership',
  'product item article',
  'event meeting appointment',
  'calendar agenda',
  'song track',
  'key token secret',
  'credential password secret',
  'permission access role right privilege',
  'notification alert warning reminder',
  'audit log history activity',
  'status state health',
  'comment reply note remark',
  'label tag category',
  'issue bug ticket',
  'setting configuration option preference',
  'email mail',
  'address location',
  'version release revision',
  'job task run',
  'pipeline workflow build',
  'website site page',
  'copy duplicate clone fork snapshot',
  'limit quota budget',
  'statistic metric analytics insight traffic view',
  'visit view traffic',
  'login signin authentication session',
  'machine server instance',
  'balance money fund',
  'star favorite bookmark like',
  'follow subscribe watch',
  'ban block suspend',
  'bring invite add',
  'delete remove erase',
  'cancel delete stop',
  'revoke delete',
  'rename update',
  'update edit modify change',
  'send post',
  'find search',
  'fetch get retrieve',
  'start launch run',
  'author owner creator',
  'phone telephone mobile',
  'variable value',
  'merge combine',
  'approve accept',
  'reject decline deny',
  'contact friend',
  'disable deactivate',
  'enable activate',
  'deploy release publish',
  'hook webhook callback',
  'channel room',
  'forward send',
  'contributor collaborator committer',
  'discount coupon voucher promotion',
  'dispute chargeback',
  'output log trace console',
  'disk volume storage space',
  'upload import',
  'queue next',
  'draft unsent',
  'folder label',
  'trash bin',
  'signature certificate',
  'https ssl tls certificate',
  'spam junk',
  'reaction emoji',
  'moderation moderate',
  'train tune',
  'link url',
];

/** Stem → stems of words that stand for it. */
export const SYNONYMS_OF: ReadonlyMap<string, readonly string[]> = synonymsByStem();

function synonymsByStem() {
  const synonyms = new Map<string, Set<string>>();
  const add = (word: string, others: readonly string[]) => {
    const known = synonyms.get(word) ?? new Set<string>();
    for (const other of others) if (other !== word) known.add(other);
    synonyms.set(word, known);
  };
  const stems = (words: string) => [...new Set(words.split(' ').map(stem))];
  for (const row of SYNONYMS) for (const one of stems(row)) add(one, stems(row));
  for (const [words, meanings] of Object.entries(MEANINGS)) for (const word of stems(words)) add(word, stems(meanings));
  return new Map([...synonyms].map(([word, others]) => [word, [...others]]));
}

/** Words that are spelled as they are meant, and that a mistyped word may stand for. */
export const SPELLED_WORDS: readonly string[] = [
  ...Object.values(VERBS),
  ...SYNONYMS,
  ...Object.keys(MEANINGS),
].flatMap((words) => words.split(' '));

/** Abbreviation → the words that it stands for. */
export const ABBREVIATIONS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    pr: 'pull request',
    mr: 'merge request',
    fa: 'mfa factor',
    auth: 'authentication authorization',
    dm: 'direct message',
    ns: 'namespace',
    vm: 'virtual machine',
    var: 'variable',
    num: 'number',
    desc: 'description',
    cal: 'calendar',
    svc: 'service',
    mgmt: 'management',
    pw: 'password',
    pwd: 'password',
    ad: 'advertisement',
    deploy: 'deployment',
    lang: 'language',
    temp: 'template',
    ext: 'extension',
    gh: 'github',
    cron: 'schedule',
    sms: 'message',
    lb: 'load balancer',
    fw: 'firewall',
    ci: 'pipeline build workflow',
    k: 'kubernetes',
    sched: 'schedule',
    appt: 'appointment',
    mtg: 'meeting',
    govt: 'government',
    univ: 'university',
    tel: 'telephone',
    src: 'source',
    dest: 'destination',
    prop: 'property',
    ref: 'reference',
    sec: 'security',
    dev: 'developer',
    prod: 'production',
    biz: 'business',
    mkt: 'market',
    cc: 'card',
    mgr: 'manager',
    eng: 'engineer',
    vars: 'variable',
    ip: 'address',
    ssl: 'certificate',
    tls: 'certificate',
  }).map(([short, words]) => [stem(short), words.split(' ').map(stem)]),
);

/** Words of a question that say which kind of thing is asked for. */
export const QUESTION_WORDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({ who: 'user person member', where: 'location place', when: 'date time event' }).map(
    ([word, hints]) => [word, hints.split(' ').map(stem)],
  ),
);
