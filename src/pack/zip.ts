import { crc32, deflateRawSync } from 'node:zlib';
import type { PackFile } from './pack-source.ts';

/**
 * A ZIP archive (PKWARE APPNOTE 6.3.10) of at most 65,535 files and 4 GiB. The same files make the same bytes: dates are
 * the earliest that the format has.
 */
export function zip(files: readonly PackFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const file of files) {
    const entry = entryOf(file);
    const local = localHeader(entry);
    parts.push(local, entry.name, entry.packed);
    directory.push(centralHeader(entry, offset), entry.name);
    offset += local.length + entry.name.length + entry.packed.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  if (files.length > 0xffff || offset + size > 0xffffffff) throw new RangeError('The archive would be too large.');
  return Buffer.concat([...parts, ...directory, endOfDirectory(files.length, size, offset)]);
}

interface Entry {
  readonly name: Uint8Array;
  readonly packed: Uint8Array;
  readonly checksum: number;
  readonly size: number;
}

function entryOf({ path, content }: PackFile): Entry {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { name: Buffer.from(path), packed: deflateRawSync(bytes), checksum: crc32(bytes), size: bytes.length };
}

const VERSION = 20;
/** Bit 11: names are UTF-8 (§4.4.4). */
const FLAGS = 1 << 11;
const DEFLATED = 8;
/** 1 January 1980, 0:00 (MS-DOS). */
const [TIME, DATE] = [0, (1 << 5) | 1];
/** A regular file that its owner may write and everyone may read, as on Unix (§4.4.2.2: 3). */
const [UNIX, MODE] = [3, 0o100644];

/** §4.3.7 */
function localHeader(entry: Entry): Uint8Array {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(VERSION, 4);
  writeShared(header, 6, entry);
  return header;
}

/** §4.3.12 */
function centralHeader(entry: Entry, offset: number): Uint8Array {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE((UNIX << 8) | VERSION, 4);
  header.writeUInt16LE(VERSION, 6);
  writeShared(header, 8, entry);
  header.writeUInt32LE((MODE << 16) >>> 0, 38);
  header.writeUInt32LE(offset, 42);
  return header;
}

/** The fields that both headers have, in this order. */
function writeShared(header: Buffer, at: number, { name, packed, checksum, size }: Entry): void {
  header.writeUInt16LE(FLAGS, at);
  header.writeUInt16LE(DEFLATED, at + 2);
  header.writeUInt16LE(TIME, at + 4);
  header.writeUInt16LE(DATE, at + 6);
  header.writeUInt32LE(checksum, at + 8);
  header.writeUInt32LE(packed.length, at + 12);
  header.writeUInt32LE(size, at + 16);
  header.writeUInt16LE(name.length, at + 20);
}

/** §4.3.16 */
function endOfDirectory(count: number, size: number, offset: number): Uint8Array {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
