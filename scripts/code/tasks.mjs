// Ten tasks of several steps. Each is a program over `api`: code mode runs it as it is; plain tools make the same calls, one
// by one, and their complete results reach the model. `searches`: what a model that does not know the names looks for.
export const TASKS = [
  {
    ask: 'Count the open issues of acme/shop by label.',
    searches: ['list issues of a repository'],
    code: `const issues = await api['github_issues_list-for-repo']({ owner: 'acme', repo: 'shop', state: 'open', per_page: 100 }, { fields: ['labels.name'] });
const counts = {};
for (const { labels } of issues) for (const { name } of labels) counts[name] = (counts[name] ?? 0) + 1;
return counts;`,
  },
  {
    ask: 'Which open issues of acme/shop have nobody assigned?',
    searches: ['list issues of a repository'],
    code: `const issues = await api['github_issues_list-for-repo']({ owner: 'acme', repo: 'shop', state: 'open', per_page: 100 }, { fields: ['number', 'title', 'assignee.login'] });
return issues.filter(({ assignee }) => !assignee).map(({ number }) => number);`,
  },
  {
    ask: 'Comment on every issue of acme/shop with the label "stale".',
    searches: ['list issues of a repository', 'comment on an issue'],
    code: `const [owner, repo] = ['acme', 'shop'];
const issues = await api['github_issues_list-for-repo']({ owner, repo, labels: 'stale' }, { fields: ['number'] });
for (const { number } of issues) await api['github_issues_create-comment']({ owner, repo, issue_number: number, body: 'Is this still a problem?' });
return issues.length;`,
  },
  {
    ask: 'The three repositories of acme with the most open issues.',
    searches: ['list repositories of an organization'],
    code: `const repos = await api['github_repos_list-for-org']({ org: 'acme', per_page: 100 }, { fields: ['name', 'open_issues_count'] });
return repos.sort((a, b) => b.open_issues_count - a.open_issues_count).slice(0, 3).map(({ name }) => name);`,
  },
  {
    ask: 'What does each customer still owe, by email?',
    searches: ['list open invoices', 'get a customer'],
    code: `const { data } = await api.stripe_GetInvoices({ status: 'open', limit: 100 }, { fields: ['data.customer', 'data.amount_remaining'] });
const owed = {};
for (const { customer, amount_remaining } of data) owed[customer] = (owed[customer] ?? 0) + amount_remaining;
const all = await Promise.all(Object.keys(owed).map((customer) => api.stripe_GetCustomersCustomer({ customer }, { fields: ['id', 'email'] })));
return Object.fromEntries(all.map(({ id, email }) => [email, owed[id]]));`,
  },
  {
    ask: 'person3@shop.test was charged twice for some orders. Refund the second charge of each.',
    searches: ['find a customer by email', 'list charges of a customer', 'refund a charge'],
    code: `const { data: [customer] } = await api.stripe_GetCustomers({ email: 'person3@shop.test' }, { fields: ['data.id'] });
const { data } = await api.stripe_GetCharges({ customer: customer.id, limit: 100 }, { fields: ['data.id', 'data.description'] });
const seen = new Set();
const refunded = [];
for (const { id, description } of data) {
  if (seen.has(description)) {
    await api.stripe_PostRefunds({ charge: id, reason: 'duplicate' });
    refunded.push(id);
  }
  seen.add(description);
}
return refunded;`,
  },
  {
    ask: 'The email addresses of all customers with a subscription that is past due.',
    searches: ['list subscriptions', 'list customers'],
    code: `const { data } = await api.stripe_GetSubscriptions({ status: 'past_due', limit: 100 }, { fields: ['data.customer'] });
const ids = new Set(data.map(({ customer }) => customer));
const all = await api.stripe_GetCustomers({ limit: 100 }, { fields: ['data.id', 'data.email'] });
return all.data.filter(({ id }) => ids.has(id)).map(({ email }) => email);`,
  },
  {
    ask: 'The latest message of every Slack channel.',
    searches: ['list channels', 'messages of a channel'],
    code: `const { channels } = await api.slack_conversations_list({ limit: 200 }, { fields: ['channels.id', 'channels.name'] });
const all = await Promise.all(channels.map(({ id }) => api.slack_conversations_history({ channel: id, limit: 1 }, { fields: ['messages.text'] })));
return Object.fromEntries(channels.map(({ name }, index) => [name, all[index].messages[0].text]));`,
  },
  {
    ask: 'Who wrote most of the last 100 messages in #support? Give real names.',
    searches: ['list channels', 'messages of a channel', 'get a user'],
    code: `const { channels } = await api.slack_conversations_list({ limit: 200 }, { fields: ['channels.id', 'channels.name'] });
const { id } = channels.find(({ name }) => name === 'support');
const { messages } = await api.slack_conversations_history({ channel: id, limit: 100 }, { fields: ['messages.user'] });
const counts = {};
for (const { user } of messages) counts[user] = (counts[user] ?? 0) + 1;
const named = await Promise.all(Object.keys(counts).map(async (user) => [(await api.slack_users_info({ user }, { fields: ['user.profile.real_name'] })).user.profile.real_name, counts[user]]));
return named.sort((a, b) => b[1] - a[1]);`,
  },
  {
    ask: 'Which customers reported the issues with the label "billing"? Post their names to #billing.',
    searches: ['list issues of a repository', 'find a customer by email', 'list channels', 'post a message'],
    code: `const issues = await api['github_issues_list-for-repo']({ owner: 'acme', repo: 'shop', labels: 'billing' }, { fields: ['number', 'body'] });
const emails = new Set(issues.map(({ body }) => /[\\w.]+@shop\\.test/.exec(body)[0]));
const found = await Promise.all([...emails].map((email) => api.stripe_GetCustomers({ email }, { fields: ['data.name'] })));
const names = found.flatMap(({ data }) => data.map(({ name }) => name));
const { channels } = await api.slack_conversations_list({ limit: 200 }, { fields: ['channels.id', 'channels.name'] });
const { id } = channels.find(({ name }) => name === 'billing');
await api.slack_chat_postMessage({ channel: id, text: 'Reported by ' + names.join(', ') });
return names;`,
  },
];
