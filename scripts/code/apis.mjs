// Three APIs as small documents, in the manner of GitHub, Stripe and Slack: the operations that the tasks need, with the
// names, paths and wide objects of the real ones. The mock behind them serves the real documents as well.

const text = { type: 'string' };
const whole = { type: 'integer' };
const flag = { type: 'boolean' };
const listOf = (items) => ({ type: 'array', items });
const object = (properties) => ({ type: 'object', properties });
const stamps = { created_at: text, updated_at: text };
const links = (...names) => Object.fromEntries(names.map((name) => [`${name}_url`, text]));

const githubUser = object({
  login: text,
  id: whole,
  node_id: text,
  ...links('avatar', 'html', 'followers', 'following', 'gists', 'repos', 'events'),
  type: text,
  site_admin: flag,
});
const issue = object({
  id: whole,
  number: whole,
  title: text,
  body: text,
  state: text,
  user: githubUser,
  labels: listOf(object({ id: whole, name: text, color: text, description: text })),
  assignee: githubUser,
  comments: whole,
  ...stamps,
  ...links('html', 'comments', 'events', 'labels', 'repository'),
});
const repository = object({
  id: whole,
  name: text,
  full_name: text,
  owner: githubUser,
  description: text,
  open_issues_count: whole,
  stargazers_count: whole,
  language: text,
  ...stamps,
  ...links('html', 'issues', 'pulls', 'commits', 'contributors', 'branches', 'releases'),
});

const address = object({ city: text, country: text, line1: text, line2: text, postal_code: text, state: text });
const metadata = { metadata: object({}) };
const customer = object({ id: text, email: text, name: text, address, balance: whole, created: whole, ...metadata });
const invoice = object({
  id: text,
  customer: text,
  status: text,
  amount_due: whole,
  amount_paid: whole,
  amount_remaining: whole,
  currency: text,
  created: whole,
  due_date: whole,
  hosted_invoice_url: text,
  lines: object({ data: listOf(object({ id: text, amount: whole, description: text })) }),
});
const charge = object({
  id: text,
  customer: text,
  amount: whole,
  currency: text,
  description: text,
  refunded: flag,
  created: whole,
  billing_details: object({ address, email: text, name: text }),
  receipt_url: text,
  ...metadata,
});
const subscription = object({ id: text, customer: text, status: text, current_period_end: whole, ...metadata });
const stripeList = (items) => object({ object: text, data: listOf(items), has_more: flag, url: text });

const channel = object({ id: text, name: text, is_private: flag, num_members: whole, topic: object({ value: text }) });
const message = object({ ts: text, user: text, text, type: text, reactions: listOf(object({ name: text })) });
const slackUser = object({ id: text, name: text, profile: object({ real_name: text, email: text, image_72: text }) });

const inPath = (name, schema = text) => ({ name, in: 'path', required: true, schema });
const inQuery = (name, schema = text) => ({ name, in: 'query', schema });
const repo = [inPath('owner'), inPath('repo')];
const pages = [inQuery('per_page', whole), inQuery('page', whole)];
const state = inQuery('state', { type: 'string', enum: ['open', 'closed', 'all'] });
const bodyOf = (mediaType, required, properties) => ({
  required: true,
  content: { [mediaType]: { schema: { type: 'object', required, properties } } },
});
const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

/** `[method, path, operationId, summary, parameters, response, body?]` */
const GITHUB = [
  [
    'get',
    '/repos/{owner}/{repo}/issues',
    'issues/list-for-repo',
    'List repository issues',
    [...repo, state, inQuery('labels'), ...pages],
    listOf(issue),
  ],
  [
    'get',
    '/repos/{owner}/{repo}/issues/{issue_number}',
    'issues/get',
    'Get an issue',
    [...repo, inPath('issue_number', whole)],
    issue,
  ],
  [
    'post',
    '/repos/{owner}/{repo}/issues',
    'issues/create',
    'Create an issue',
    repo,
    issue,
    bodyOf(JSON_TYPE, ['title'], { title: text, body: text, labels: listOf(text) }),
  ],
  [
    'post',
    '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    'issues/create-comment',
    'Create an issue comment',
    [...repo, inPath('issue_number', whole)],
    object({ id: whole, body: text }),
    bodyOf(JSON_TYPE, ['body'], { body: text }),
  ],
  [
    'get',
    '/orgs/{org}/repos',
    'repos/list-for-org',
    'List organization repositories',
    [inPath('org'), ...pages],
    listOf(repository),
  ],
  ['get', '/repos/{owner}/{repo}/pulls', 'pulls/list', 'List pull requests', [...repo, state, ...pages], listOf(issue)],
];
const STRIPE = [
  [
    'get',
    '/v1/customers',
    'GetCustomers',
    'List all customers',
    [inQuery('email'), inQuery('limit', whole), inQuery('starting_after')],
    stripeList(customer),
  ],
  ['get', '/v1/customers/{customer}', 'GetCustomersCustomer', 'Retrieve a customer', [inPath('customer')], customer],
  [
    'get',
    '/v1/invoices',
    'GetInvoices',
    'List all invoices',
    [inQuery('customer'), inQuery('status'), inQuery('limit', whole)],
    stripeList(invoice),
  ],
  [
    'get',
    '/v1/charges',
    'GetCharges',
    'List all charges',
    [inQuery('customer'), inQuery('limit', whole)],
    stripeList(charge),
  ],
  [
    'get',
    '/v1/subscriptions',
    'GetSubscriptions',
    'List subscriptions',
    [inQuery('status'), inQuery('limit', whole)],
    stripeList(subscription),
  ],
  [
    'post',
    '/v1/refunds',
    'PostRefunds',
    'Create a refund',
    [],
    object({ id: text, status: text, amount: whole }),
    bodyOf(FORM, [], { charge: text, amount: whole, reason: text }),
  ],
];
const SLACK = [
  [
    'get',
    '/conversations.list',
    'conversations_list',
    'Lists all channels in a Slack team',
    [inQuery('limit', whole), inQuery('cursor')],
    object({ ok: flag, channels: listOf(channel) }),
  ],
  [
    'get',
    '/conversations.history',
    'conversations_history',
    "Fetches a conversation's history of messages",
    [inQuery('channel'), inQuery('limit', whole)],
    object({ ok: flag, messages: listOf(message) }),
  ],
  [
    'get',
    '/users.info',
    'users_info',
    'Gets information about a user',
    [inQuery('user')],
    object({ ok: flag, user: slackUser }),
  ],
  [
    'get',
    '/users.list',
    'users_list',
    'Lists all users in a Slack team',
    [inQuery('limit', whole)],
    object({ ok: flag, members: listOf(slackUser) }),
  ],
  [
    'post',
    '/chat.postMessage',
    'chat_postMessage',
    'Sends a message to a channel',
    [],
    object({ ok: flag, ts: text }),
    bodyOf(FORM, ['channel'], { channel: text, text }),
  ],
];

function documentOf(title, operations) {
  const paths = {};
  for (const [method, path, operationId, summary, parameters, schema, requestBody] of operations) {
    const responses = { 200: { description: 'ok', content: { [JSON_TYPE]: { schema } } } };
    paths[path] = {
      ...paths[path],
      [method]: { operationId, summary, parameters, responses, ...(requestBody && { requestBody }) },
    };
  }
  return { openapi: '3.1.0', info: { title, version: '1' }, servers: [{ url: 'http://127.0.0.1' }], paths };
}

export const DOCUMENTS = {
  github: documentOf('GitHub-like', GITHUB),
  stripe: documentOf('Stripe-like', STRIPE),
  slack: documentOf('Slack-like', SLACK),
};
