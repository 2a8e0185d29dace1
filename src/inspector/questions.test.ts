import { expect, test } from 'vitest';
import { createQuestions } from './questions.ts';

test('a question of a call that was cancelled is not asked', async () => {
  const asked: unknown[] = [];
  const questions = createQuestions((question) => asked.push(question));
  const abort = new AbortController();
  const elicit = questions.asking('1', abort.signal);
  const requestedSchema = { type: 'object', properties: {} } as const;
  const open = elicit({ message: 'Really?', requestedSchema });
  abort.abort();
  expect(await open).toEqual({ action: 'cancel' });
  expect(await elicit({ message: 'And now?', requestedSchema })).toEqual({ action: 'cancel' });
  expect(asked).toHaveLength(1);
});
