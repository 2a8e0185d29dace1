import type { Format } from 'ajv';

/**
 * The formats that arguments are validated against. In JSON Schema 2020-12 formats are annotations (Validation §7.2.1),
 * so only values that no API could accept are rejected; formats not listed here are not checked.
 */
export const lenientFormats: Readonly<Record<string, Format>> = {
  // RFC 3339 requires "T" and an offset; APIs also accept a space and local times.
  'date-time': /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?\s?(?:[Zz]|[+-]\d\d(?::?\d\d)?)?$/,
  date: (text) => {
    const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
    if (!match) return false;
    const [, year, month, day] = match.map(Number);
    return isDay(year ?? 0, month ?? 0, day ?? 0);
  },
  uuid: /^(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  email: /^[^\s@]+@[^\s@]+$/,
  ipv4: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/,
  int32: {
    type: 'number',
    validate: (value: number) => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31,
  },
  int64: {
    type: 'number',
    validate: (value: number) => Number.isInteger(value) && value >= -(2 ** 63) && value <= 2 ** 63,
  },
};

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCFullYear(year);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
