import { stem } from '../../api/facts/words.ts';

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Words that say nothing. Not reduced to stems. */
export const STOP_WORDS = set(
  'a an the of to in on at by for from with and or as is are was were be been am do does did it its this that these ' +
    'those i me my mine we us our you your he him his she her they them their there here what how can could would should ' +
    'will shall may might must please want need like let lets have has had having got into onto out up down off over so ' +
    'if then than too very just also about not no yes but because while during via per each which who whom whose where ' +
    'when why some any every all anything something everything anyone someone everyone one thing stuff way going go gonna ' +
    'still again already yet now ok okay hey hi thanks s t re ve ll d m don doesn isn aren wasn didn wont cant im ive',
);

/** Words that say little: time, amounts, opinions, and verbs of any task. Stems. */
export const WEAK_WORDS: ReadonlySet<string> = new Set(
  (
    'today tomorrow yesterday week month year day hour minute time date monday tuesday wednesday thursday friday saturday ' +
    'sunday morning noon afternoon evening night midnight weekend january february march april june july august september ' +
    'october november december current currently recent recently latest last next first new old early late ago always ' +
    'never ever often sometimes soon immediately suddenly finally until since before after afterwards anymore two three ' +
    'four five six seven eight nine ten twelve dozen hundred thousand million half once twice double many much more most ' +
    'few less enough lot bit bunch couple pair other another same different whole entire only both either neither none ' +
    'available specific certain given particular good bad better best worse right wrong sure ready real nice great fine ' +
    'important interesting strange weird funny happy big small large little long short high low easy hard quick quickly ' +
    'fast slow busy maybe perhaps probably really actually basically exactly almost nearly properly straight instead ' +
    'anyway together alone else everywhere somewhere inside outside around through above below behind between without ' +
    'within across along against away back make use put take keep give tell say ask look try help know come go happen ' +
    'seem feel think believe hope wait stay stand sit walk speak mean become care matter deal hear work bring throw grab ' +
    'leave called named name sort kind part side top middle plate desk home world life hand eye reason idea trouble ' +
    'mistake people guy boss folk mom wife somebody anybody everybody nobody own self'
  )
    .split(' ')
    .map(stem),
);

/**
 * What people say, and what it may mean in the words of APIs; not the other way round. Only what is the same for APIs of
 * many fields.
 */
export const MEANINGS: Readonly<Record<string, string>> = {
  // People and groups
  'boss lead chief manager': 'owner administrator manager',
  'staff crew': 'member team user employee',
  'squad department club community': 'team group organization',
  guest: 'visitor attendee participant member',
  'shop vendor seller supplier': 'merchant store seller',
  'singer band musician': 'artist',
  prospect: 'contact lead',
  helper: 'assistant agent',
  'nickname handle': 'username alias name',
  // Access
  'right allow permit': 'permission access grant role allow',
  share: 'permission access collaborator',
  'forbid prohibit prevent stop': 'block ban deny restriction rule',
  'mute silence': 'mute timeout',
  'hide hidden': 'archive private visibility',
  'private public visible': 'visibility private public',
  'join enter': 'join member',
  'quit exit': 'leave delete',
  'fire sack': 'remove member delete',
  'hire onboard': 'invite invitation member user',
  'promote demote rank': 'role update',
  'passcode pin': 'password code',
  'logged signed online': 'session active presence',
  'prove verify confirm': 'verification verify confirm',
  // Messages
  'letter inbox': 'message email thread',
  'ping tell inform nudge': 'notification message send reminder',
  announce: 'message post notification',
  'broadcast everyone everybody': 'message channel',
  privately: 'direct message',
  'ring dial': 'call',
  blog: 'post article page',
  'newsletter mailing': 'campaign email list',
  feedback: 'comment review',
  rating: 'review',
  'nasty insult swear abuse offensive rude': 'moderation',
  'away holiday vacation': 'status presence',
  // Media and files
  'film movie clip': 'video',
  'drawing painting illustration artwork draw paint': 'image picture',
  'sound voice': 'audio speech',
  'listen hear play': 'play audio transcription',
  'tune melody': 'track song',
  'paper pdf contract': 'document file',
  table: 'database',
  column: 'property field',
  paste: 'snippet gist',
  source: 'content code repository',
  'download export grab pull': 'download export content archive get',
  'junk garbage': 'trash spam',
  // Money
  'money cash': 'payment balance refund amount',
  'owe debt': 'balance invoice due',
  'buy purchase': 'order checkout purchase payment',
  'earn revenue income sale': 'balance payment report order',
  'burn spend': 'cost usage spend',
  'budget cap': 'limit quota spend',
  withdraw: 'payout transfer',
  deposit: 'balance credit',
  contest: 'dispute',
  vat: 'tax',
  iban: 'bank account',
  'parcel delivery': 'shipment shipping fulfillment',
  // Machines
  'box computer pc': 'machine server instance vm device',
  'laptop phone tablet speaker tv': 'device',
  hostname: 'domain dns',
  'reboot bounce': 'restart action',
  boot: 'start',
  'halt snooze': 'stop pause',
  'grow shrink': 'resize update',
  'crash hang freeze broken fail failure': 'error status restart event log',
  outage: 'incident status uptime health',
  'slow lag performance': 'metric monitor statistic',
  'alive healthy unhealthy': 'health status',
  monitor: 'alert check metric',
  'graph chart': 'metric statistic dashboard',
  'hole hack leak weakness': 'vulnerability security',
  'virus malware': 'scan security',
  'addon plugin extension connector': 'plugin extension integration application',
  connect: 'integration link connection',
  // Work
  'chore task': 'task todo',
  deadline: 'due date',
  'board kanban': 'project board',
  'sprint iteration': 'milestone',
  responsible: 'assignee assign',
  'reschedule postpone delay shift': 'schedule move update',
  'pending waiting': 'pending queue waitlist',
  'finish done complete': 'complete close status',
  'difference changed': 'diff compare change',
  undo: 'revert restore rollback',
  'past previous happened': 'history event activity log',
  experiment: 'test',
  teach: 'train',
  bulk: 'batch',
  'tidy cleanup unused stale': 'prune delete',
  'extend prolong renew': 'renew extend update',
  bump: 'upgrade update version',
  'sync synchronise synchronize': 'sync mirror',
  // Places and languages
  'city country town': 'location address region',
  nearby: 'location near',
  'english spanish french german chinese japanese': 'language locale translation',
};
