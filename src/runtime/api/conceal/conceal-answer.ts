import type { Answer, Item } from '../read/answer.ts';
import { parseJson } from '../read/json.ts';
import type { Concealer } from './concealer.ts';

/**
 * Hides credentials in the response of an API, which may echo them in a link to the next page or in an error. A
 * response without any is returned unchanged.
 */
export function concealInAnswer(answer: Answer, conceal: Concealer): Answer {
  const shown = concealInBody(answer, conceal);
  const notes = shown.notes.map(conceal.text);
  const told = notes.some((note, index) => note !== shown.notes[index]) ? { ...shown, notes } : shown;
  if (!('mediaType' in told)) return told;
  const mediaType = conceal.text(told.mediaType);
  return mediaType === told.mediaType ? told : { ...told, mediaType };
}

function concealInBody(answer: Answer, conceal: Concealer): Answer {
  switch (answer.kind) {
    case 'json': {
      const text = conceal.json(answer.text);
      return text === answer.text ? answer : { ...answer, text, value: valueIn(text) };
    }
    case 'text': {
      const text = conceal.text(answer.text);
      return text === answer.text ? answer : { ...answer, text };
    }
    case 'items':
      return { ...answer, items: answer.items.map((item) => concealInItem(item, conceal)) };
    case 'binary': {
      const bytes = conceal.bytes(answer.bytes);
      const filename = answer.filename === undefined ? {} : { filename: conceal.text(answer.filename) };
      if (bytes === answer.bytes) return { ...answer, ...filename };
      return { ...answer, ...filename, bytes, notes: [...answer.notes, BYTES_CONCEALED] };
    }
    case 'empty':
      return answer;
  }
}

const BYTES_CONCEALED =
  'The bytes contain a credential that the request was sent with. It was overwritten with asterisks.';

function concealInItem(item: Item, conceal: Concealer): Item {
  // Text that is not JSON is searched as text.
  const isText = item.value === item.text;
  const text = isText ? conceal.text(item.text) : conceal.json(item.text);
  return {
    text,
    value: isText ? text : text === item.text ? item.value : valueIn(text),
    ...(item.event !== undefined && { event: conceal.text(item.event) }),
    ...(item.id !== undefined && { id: conceal.text(item.id) }),
  };
}

const valueIn = (text: string): unknown => {
  const parsed = parseJson(text);
  return parsed ? parsed.value : text;
};
