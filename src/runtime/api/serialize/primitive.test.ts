import { expect, test } from 'vitest';
import { primitiveText } from './primitive.ts';

// OpenAPI 3.2.0 Appendix B leaves the text of primitives open: JSON's own spelling, and plain digits for integers.
test.each([
  { given: '', want: '' },
  { given: '007', want: '007' },
  { given: true, want: 'true' },
  { given: false, want: 'false' },
  { given: 0, want: '0' },
  { given: -0, want: '0' },
  { given: -1.5, want: '-1.5' },
  { given: 0.1, want: '0.1' },
  { given: 1e-7, want: '1e-7' },
  { given: 9007199254740991, want: '9007199254740991' },
  { given: 1e21, want: '1000000000000000000000' },
  { given: -1e22, want: '-10000000000000000000000' },
])('writes $given as $want', ({ given, want }) => {
  expect(primitiveText(given)).toBe(want);
});
