// What the official suite calls on a server: tools, resources and prompts with the names and results of its scenarios,
// on our own server. Usage: node scripts/conformance/server.mjs; prints the URL of its endpoint.
import { setTimeout as delay } from 'node:timers/promises';
import { createServer, ToolError, text } from '../../dist/index.js';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';
const image = { type: 'image', data: PNG, mimeType: 'image/png' };
const bytes = Buffer.from(PNG, 'base64');

const server = createServer({ name: 'conformance-fixture', version: '1.0.0', onError: () => {} });

contentTools();
conversationTools();
questionTools();
changeTools();
resources();
prompts();

const { url } = await server.run({ transport: 'http', port: 0, drainMs: 100 });
process.stdout.write(`${url}\n`);
process.once('SIGTERM', () => server.close());

/** Tools that return one kind of content. */
function contentTools() {
  tool('test_simple_text', () => text('This is a simple text response for testing.'));
  tool('test_image_content', () => image);
  tool('test_audio_content', () => ({ type: 'audio', data: WAV, mimeType: 'audio/wav' }));
  tool('test_embedded_resource', () => embedded('test://embedded-resource', 'This is an embedded resource content.'));
  tool('test_multiple_content_types', () => ({
    content: [
      text('Multiple content types test:'),
      image,
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }));
  tool('test_error_handling', () => {
    throw new ToolError('This tool intentionally returns an error for testing');
  });
  tool('json_schema_2020_12_tool', (args) => text(JSON.stringify(args)), {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: {
      address: {
        $anchor: 'addressDef',
        type: 'object',
        properties: { street: { type: 'string' }, city: { type: 'string' } },
      },
    },
    properties: {
      name: { type: 'string' },
      address: { $ref: '#/$defs/address' },
      contactMethod: { type: 'string', enum: ['phone', 'email'] },
      phone: { type: 'string' },
      email: { type: 'string' },
    },
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    then: { required: ['phone'] },
    else: { required: ['email'] },
    additionalProperties: false,
  });
  tool('test_headers', ({ region }) => text(`region ${region}`), {
    type: 'object',
    properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
  });
}

/** Tools that notify or ask the client while they run. */
function conversationTools() {
  tool('test_tool_with_logging', async (_args, { log }) => {
    log.info('Tool execution started');
    await delay(50);
    log.info('Tool processing data');
    await delay(50);
    log.info('Tool execution completed');
    return text('Logged three messages.');
  });
  tool('test_logging_tool', (_args, { log }) => {
    log.info('Only for clients that ask for log messages.');
    return text('Logged one message.');
  });
  tool('test_tool_with_progress', async (_args, { progress }) => {
    for (const step of [0, 50, 100]) {
      progress({ progress: step, total: 100 });
      await delay(50);
    }
    return text('Reported progress.');
  });
  tool('test_reconnection', async () => {
    await delay(300);
    return text('The response of a long call.');
  });
  const ask = { type: 'object', properties: { prompt: { type: 'string' } }, required: ['prompt'] };
  tool('test_sampling', async ({ prompt }, { sample }) => text(`LLM response: ${await sampled(sample, prompt)}`), ask);
  const form = { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] };
  tool(
    'test_elicitation',
    async ({ message }, { elicit }) => {
      const fields = { username: { type: 'string', description: "User's response" }, email: { type: 'string' } };
      const answer = await elicit({ message, requestedSchema: objectOf(fields, ['username', 'email']) });
      return text(`User response: ${JSON.stringify(answer)}`);
    },
    form,
  );
  tool('test_elicitation_sep1034_defaults', async (_args, { elicit }) =>
    completed(
      await elicit({
        message: 'Please review the defaults.',
        requestedSchema: objectOf({
          name: { type: 'string', default: 'John Doe' },
          age: { type: 'integer', default: 30 },
          score: { type: 'number', default: 95.5 },
          status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
          verified: { type: 'boolean', default: true },
        }),
      }),
    ),
  );
  tool('test_elicitation_sep1330_enums', async (_args, { elicit }) =>
    completed(await elicit({ message: 'Please choose.', requestedSchema: objectOf(enumFields()) })),
  );
}

/** Tools and a prompt that need answers before they complete (2026-07-28, multi round-trip requests). */
function questionTools() {
  const name = (key, message) => ({ key, message, requestedSchema: objectOf({ name: { type: 'string' } }, ['name']) });
  tool('test_input_required_result_elicitation', async (_args, { elicit }) => {
    const answer = await elicit(name('user_name', 'What is your name?'));
    return text(`Hello, ${answer.content?.name}!`);
  });
  tool('test_input_required_result_sampling', async (_args, { sample }) =>
    text(await sampled(sample, 'What is the capital of France?', 'capital_question')),
  );
  for (const kind of ['request_state', 'tampered_state']) {
    tool(`test_input_required_result_${kind}`, async (_args, { elicit }) => {
      const requestedSchema = objectOf({ ok: { type: 'boolean' } }, ['ok']);
      await elicit({ key: 'confirm', message: 'Please confirm', requestedSchema });
      return text('state-ok');
    });
  }
  tool('test_input_required_result_multiple_inputs', async (_args, { elicit, sample, roots }) => {
    const who = elicit(name('user_name', 'What is your name?'));
    const answers = [who, sampled(sample, 'Generate a greeting', 'greeting'), rooted(roots)];
    return text(JSON.stringify(await Promise.all(answers)));
  });
  tool('test_input_required_result_multi_round', async (_args, { elicit }) => {
    const first = await elicit(name('step1', 'Step 1: What is your name?'));
    const requestedSchema = objectOf({ color: { type: 'string' } }, ['color']);
    const second = await elicit({ key: 'step2', message: 'Step 2: What is your favorite color?', requestedSchema });
    return text(`${first.content?.name} likes ${second.content?.color}.`);
  });
  tool('test_input_required_result_capabilities', async (_args, { canElicit, elicit, sample }) => {
    if (canElicit) await elicit(name('user_name', 'What is your name?'));
    return text(await sampled(sample, 'Generate a greeting'));
  });
  tool('test_streaming_elicitation', async (_args, { elicit, progress }) => {
    progress({ progress: 0, total: 1 });
    return completed(await elicit(name('user_name', 'What is your name?')));
  });
  tool('test_missing_capability', async (_args, { sample }) => text(await sampled(sample, 'Generate a greeting')));
  tool('test_input_required_result_list_roots', async (_args, { roots }) => text(await rooted(roots)));
  server.prompt(
    'test_input_required_result_prompt',
    { description: 'Asks for its context.' },
    async (_args, { elicit }) => {
      const requestedSchema = objectOf({ context: { type: 'string' } }, ['context']);
      const message = 'What context should the prompt use?';
      const answer = await elicit({ key: 'user_context', message, requestedSchema });
      return `Use this context: ${answer.content?.context}`;
    },
  );
}

/** Tools that change a list. */
function changeTools() {
  tool('test_trigger_tool_change', () => {
    tool('test_added_tool', () => text('added')).remove();
    return text('The list of tools has changed.');
  });
  tool('test_trigger_prompt_change', () => {
    server.prompt('test_added_prompt', { description: 'Added.' }, () => 'added').remove();
    return text('The list of prompts has changed.');
  });
}

function resources() {
  const about = (description, mimeType) => ({ description, mimeType });
  server.resource(
    'test://static-text',
    about('Text.', 'text/plain'),
    () => 'This is the content of the static text resource.',
  );
  server.resource('test://static-binary', about('Bytes.', 'image/png'), () => bytes);
  server.resource('test://watched-resource', about('Text that changes.', 'text/plain'), () => 'watched');
  server.resource('test://template/{id}/data', about('Data by id.', 'application/json'), ({ id }) => ({
    id,
    templateTest: true,
    data: `Data for ID: ${id}`,
  }));
}

function prompts() {
  const message = (content) => ({ role: 'user', content });
  server.prompt('test_simple_prompt', { description: 'Text.' }, () => 'This is a simple prompt for testing.');
  server.prompt(
    'test_prompt_with_arguments',
    {
      description: 'With arguments.',
      arguments: { arg1: { required: true }, arg2: { required: true } },
      complete: { arg1: (value) => ['paris', 'park', 'party'].filter((word) => word.startsWith(value)) },
    },
    ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
  );
  server.prompt(
    'test_prompt_with_embedded_resource',
    { description: 'With a resource.', arguments: { resourceUri: { required: true } } },
    ({ resourceUri }) => [
      message(embedded(resourceUri, 'Embedded resource content for testing.')),
      message(text('Please process the embedded resource above.')),
    ],
  );
  server.prompt('test_prompt_with_image', { description: 'With an image.' }, () => [
    message(image),
    message(text('Please analyze the image above.')),
  ]);
}

function tool(name, handler, input) {
  return server.tool(name, { description: `Test tool ${name}.`, ...(input && { input }) }, handler);
}

function objectOf(properties, required) {
  return { type: 'object', properties, ...(required && { required }) };
}

function enumFields() {
  const titled = (values) => values.map(([value, title]) => ({ const: value, title }));
  const options = ['option1', 'option2', 'option3'];
  return {
    untitledSingle: { type: 'string', enum: options },
    titledSingle: {
      type: 'string',
      oneOf: titled([
        ['value1', 'First Option'],
        ['value2', 'Second Option'],
        ['value3', 'Third Option'],
      ]),
    },
    legacyEnum: {
      type: 'string',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
    titledMulti: {
      type: 'array',
      items: {
        anyOf: titled([
          ['value1', 'First Choice'],
          ['value2', 'Second Choice'],
          ['value3', 'Third Choice'],
        ]),
      },
    },
  };
}

function embedded(uri, content) {
  return { type: 'resource', resource: { uri, mimeType: 'text/plain', text: content } };
}

function completed({ action, content = {} }) {
  return text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`);
}

async function sampled(sample, prompt, key) {
  if (!sample) throw new ToolError('The client does not support sampling.', { requires: ['sampling'] });
  const messages = [{ role: 'user', content: text(prompt) }];
  const { content } = await sample({ messages, maxTokens: 100, ...(key && { key }) });
  return content.text;
}

async function rooted(roots) {
  if (!roots) throw new ToolError('The client does not tell its roots.', { requires: ['roots'] });
  const uris = (await roots({ key: 'client_roots' })).map(({ uri }) => uri);
  return `Roots: ${uris.join(', ')}`;
}
