import { createServer } from 'openapi-mcp';

const server = createServer({ name: 'reviews', version: '1.0.0' });

server.prompt(
  'code_review',
  {
    description: 'Review some code.',
    arguments: { code: { required: true }, language: { description: 'Default: typescript.' } },
    complete: { language: ['python', 'rust', 'typescript'] },
  },
  // Return one user message, or a list of messages.
  ({ code, language = 'typescript' }) => [
    `Review this ${language} code for correctness, speed and readability:\n\n${code}`,
    { role: 'assistant', content: { type: 'text', text: 'I will begin with what is wrong.' } },
  ],
);

export default server;
