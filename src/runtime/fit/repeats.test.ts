import { describe, expect, test } from 'vitest';
import { addedText, repeats } from './repeats.ts';

describe('a text that repeats names', () => {
  test.each([
    { text: 'The ID of the pet', names: ['petId'], want: true },
    { text: 'The pets', names: ['pet'], want: true },
    { text: 'The account owner of the repository.', names: ['owner', 'get-repo'], want: true },
    { text: 'The pet to delete', names: ['petId'], want: false },
    { text: 'Number of results per page (max 100)', names: ['per_page'], want: false },
    { text: 'Имя', names: ['name'], want: false },
    { text: '', names: ['a'], want: true },
  ])('$text, $names: $want', ({ text, names, want }) => {
    expect(repeats(text, names)).toBe(want);
  });
});

describe('what a text adds', () => {
  test.each([
    { text: 'Deletes a pet.', names: ['deletePet'], want: '' },
    { text: 'Retrieves a pet by ID.', names: ['getPet'], want: '' },
    { text: 'Removes a pet.', names: ['deletePet'], want: '' },
    { text: 'Deletes a pet.', names: ['pet'], want: 'Deletes a pet' },
    { text: 'Find the purchase order by ID.', names: ['getOrder'], want: 'purchase order' },
    { text: 'Search for channels.', names: ['searchAll'], want: 'Search for channels' },
    { text: '', names: ['a'], want: '' },
  ])('$text to $names is "$want"', ({ text, names, want }) => {
    expect(addedText(text, names)).toBe(want);
  });
});
