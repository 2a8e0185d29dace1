import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test.each([
  { name: 'Pett', candidates: ['Dog', 'Pet'], want: 'Pet' },
  { name: 'pet', candidates: ['Pet'], want: 'Pet' },
  { name: 'PetResponce', candidates: ['PetRequest', 'PetResponse'], want: 'PetResponse' },
  { name: 'Cat', candidates: ['Invoice', 'Cart'], want: 'Cart' },
  { name: 'Cat', candidates: ['Dog'], want: undefined },
  { name: 'Cat', candidates: [], want: undefined },
  { name: 'pet_id', candidates: ['petId'], want: 'petId' },
])('$name among $candidates is meant to be $want', ({ name, candidates, want }) => {
  expect(nearest(name, candidates)).toBe(want);
});
