// What the APIs of `apis.mjs` respond: always the same, in the size of the real ones.
import { createServer } from 'node:http';

const STAMP = { created_at: '2026-03-01T08:00:00Z', updated_at: '2026-04-01T08:00:00Z' };
const numbers = (count) => Array.from({ length: count }, (_, index) => index + 1);
const urls = (base, ...names) => Object.fromEntries(names.map((name) => [`${name}_url`, `${base}/${name}`]));

const user = (login, id) => ({
  login,
  id,
  node_id: `MDQ6VXNlcg${id}==`,
  ...urls(
    `https://api.github.test/users/${login}`,
    'avatar',
    'html',
    'followers',
    'following',
    'gists',
    'repos',
    'events',
  ),
  type: 'User',
  site_admin: false,
});

const LABELS = ['bug', 'billing', 'stale', 'docs'];
const issue = (number) => ({
  id: 7_000_000 + number,
  number,
  title: `Problem ${number} with the ${number % 2 ? 'checkout' : 'search'} page`,
  body: `Reported by person${number % 12}@shop.test. ${'It happens when the page is loaded twice. '.repeat(6)}`,
  state: 'open',
  user: user(`person${number % 12}`, number % 12),
  labels: LABELS.filter((_, index) => number % (index + 3) === 0).map((name, id) => ({
    id,
    name,
    color: 'ff0000',
    description: '',
  })),
  assignee: number % 3 === 0 ? null : user(`dev${number % 4}`, 100 + (number % 4)),
  comments: number % 5,
  ...STAMP,
  ...urls(
    `https://api.github.test/repos/acme/shop/issues/${number}`,
    'html',
    'comments',
    'events',
    'labels',
    'repository',
  ),
});
const ISSUES = numbers(60).map(issue);

const repository = (index) => ({
  id: index,
  name: `service-${index}`,
  full_name: `acme/service-${index}`,
  owner: user('acme', 1),
  description: `The service number ${index} of the shop, with its API and its jobs`,
  open_issues_count: (index * 37) % 101,
  stargazers_count: index,
  language: 'TypeScript',
  ...STAMP,
  ...urls(
    `https://api.github.test/repos/acme/service-${index}`,
    'html',
    'issues',
    'pulls',
    'commits',
    'contributors',
    'branches',
    'releases',
  ),
});

const ADDRESS = { city: 'Berlin', country: 'DE', line1: 'Street 1', line2: null, postal_code: '10115', state: null };
const customer = (index) => ({
  id: `cus_${index}`,
  object: 'customer',
  email: `person${index}@shop.test`,
  name: `Person ${index}`,
  address: ADDRESS,
  balance: 0,
  created: 1_770_000_000 + index,
  metadata: { crm: `crm-${index}` },
});
const CUSTOMERS = numbers(12).map((index) => customer(index - 1));
const invoice = (index) => ({
  id: `in_${index}`,
  object: 'invoice',
  customer: `cus_${index % 12}`,
  status: index % 4 === 0 ? 'paid' : 'open',
  amount_due: index * 1_000,
  amount_paid: 0,
  amount_remaining: index * 1_000,
  currency: 'eur',
  created: 1_770_000_000 + index,
  due_date: 1_780_000_000,
  hosted_invoice_url: `https://invoice.stripe.test/i/${'x'.repeat(60)}${index}`,
  lines: {
    data: numbers(3).map((line) => ({
      id: `il_${index}_${line}`,
      amount: index * 300,
      description: 'Monthly plan of the shop',
    })),
  },
});
const charge = (index) => ({
  id: `ch_${index}`,
  object: 'charge',
  customer: 'cus_3',
  amount: 1_000 * (1 + Math.floor(index / 2)),
  currency: 'eur',
  description: `Order ${Math.floor(index / 2)}`,
  refunded: false,
  created: 1_770_000_000 + index,
  billing_details: { address: ADDRESS, email: 'person3@shop.test', name: 'Person 3' },
  receipt_url: `https://pay.stripe.test/receipts/${'y'.repeat(60)}${index}`,
  metadata: { order: String(index) },
});
const subscription = (index) => ({
  id: `sub_${index}`,
  object: 'subscription',
  customer: `cus_${index % 12}`,
  status: 'past_due',
  current_period_end: 1_790_000_000,
  metadata: { plan: 'pro' },
});
const stripeList = (data) => ({ object: 'list', data, has_more: false, url: '/v1/list' });

const CHANNELS = ['general', 'support', 'billing', 'random', 'releases', 'design', 'ops', 'sales'].map(
  (name, index) => ({
    id: `C${index}`,
    name,
    is_private: false,
    num_members: 10 + index,
    topic: { value: `What the team of ${name} talks about` },
  }),
);
const message = (channel) => (index) => ({
  type: 'message',
  ts: `17700000${index}.000${channel.slice(1)}`,
  user: `U${(index * index) % 5}`,
  text: `Message ${index} in ${channel}: the customer asks again when the order will arrive, and whether it can be changed.`,
  reactions: [{ name: 'eyes' }],
});
const slackUser = (id) => ({
  id,
  name: `name-${id}`,
  profile: {
    real_name: `Real ${id}`,
    email: `${id}@acme.test`,
    image_72: `https://images.slack.test/${id}/${'z'.repeat(40)}`,
  },
});

/** `[method and path, response]` */
const ROUTES = [
  [
    /^GET \/github\/repos\/acme\/shop\/issues$/,
    ({ labels }) => ISSUES.filter((each) => !labels || each.labels.some(({ name }) => name === labels)),
  ],
  [
    /^POST \/github\/repos\/acme\/shop\/issues\/\d+\/comments$/,
    () => ({ id: 1, body: 'ok', user: user('bot', 9), ...STAMP }),
  ],
  [/^GET \/github\/orgs\/acme\/repos$/, () => numbers(30).map(repository)],
  [
    /^GET \/stripe\/v1\/customers$/,
    ({ email }) => stripeList(CUSTOMERS.filter((each) => !email || each.email === email)),
  ],
  [/^GET \/stripe\/v1\/customers\/cus_\d+$/, (_, path) => CUSTOMERS.find(({ id }) => path.endsWith(`/${id}`))],
  [
    /^GET \/stripe\/v1\/invoices$/,
    ({ status }) =>
      stripeList(
        numbers(40)
          .map(invoice)
          .filter((each) => !status || each.status === status),
      ),
  ],
  [/^GET \/stripe\/v1\/charges$/, () => stripeList(numbers(16).map(charge))],
  [/^GET \/stripe\/v1\/subscriptions$/, () => stripeList(numbers(9).map(subscription))],
  [
    /^POST \/stripe\/v1\/refunds$/,
    () => ({ id: 're_1', object: 'refund', status: 'succeeded', amount: 1_000, metadata: {} }),
  ],
  [/^GET \/slack\/conversations\.list$/, () => ({ ok: true, channels: CHANNELS })],
  [
    /^GET \/slack\/conversations\.history$/,
    ({ channel, limit = 50 }) => ({ ok: true, messages: numbers(Number(limit)).map(message(channel)) }),
  ],
  [/^GET \/slack\/users\.info$/, ({ user: id }) => ({ ok: true, user: slackUser(id) })],
  [/^POST \/slack\/chat\.postMessage$/, () => ({ ok: true, ts: '1770000099.000' })],
];

/** @returns its origin, and how to stop it */
export async function startMock() {
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://mock');
    const found = ROUTES.find(([route]) => route.test(`${request.method} ${url.pathname}`));
    request.resume();
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(found ? found[1](Object.fromEntries(url.searchParams), url.pathname) : { message: 'Not found' }),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, stop };
}
