import { withHidden } from '../../../model/index.ts';

/**
 * Turns a name from a server into a safe file name: it cannot leave the folder, is not hidden, and has no characters
 * with a special meaning in a shell or file system.
 */
export function safeFileName(name: string): string {
  const plain = withHidden(name.normalize('NFC'), () => '_')
    // Separators, characters that Windows forbids, format characters and line breaks.
    .replace(/[/\\:*?"<>|\p{Cc}\p{Cf}]/gu, '_')
    .replace(/^[.\s-]+|[.\s]+$/g, '')
    .slice(0, 120);
  const stem = plain.replace(/\..*$/s, '');
  return plain === '' || RESERVED.test(stem) ? `file_${plain}` : plain;
}

/** Reserved device names on Windows, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
