import { withHidden } from '../../model/index.ts';

/**
 * A name that a server gave, as that of a file in the folder the user named: no way out of it, nothing that a shell or a
 * file system takes for something else, nothing hidden.
 */
export function safeFileName(name: string): string {
  const plain = withHidden(name.normalize('NFC'), () => '_')
    // Separators, what Windows forbids, and what format characters and line ends are left.
    .replace(/[/\\:*?"<>|\p{Cc}\p{Cf}]/gu, '_')
    .replace(/^[.\s-]+|[.\s]+$/g, '')
    .slice(0, 120);
  const stem = plain.replace(/\..*$/s, '');
  return plain === '' || RESERVED.test(stem) ? `file_${plain}` : plain;
}

/** Devices of Windows, whatever their extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
