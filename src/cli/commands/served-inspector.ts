import { type Inspected, type Inspector, openInspector } from '../../inspector/index.ts';
import { tell } from '../output/report.ts';

/** The inspector of a server that a command runs. */
export interface ServedInspector extends Pick<Inspector, 'pages' | 'close'> {
  /** Prints a link, and another one whenever the latest was used. */
  announce(base: string, options: { readonly json: boolean }): void;
}

export function servedInspector(inspected: Inspected): ServedInspector {
  let onVisit = () => {};
  const inspector = openInspector(inspected, { onVisit: () => onVisit() });
  return {
    pages: inspector.pages,
    close: inspector.close,
    announce(base, { json }) {
      const link = () => inspector.url(base);
      const show = (note: string) => tell(json ? JSON.stringify({ inspector: link() }) : `Inspector: ${link()}${note}`);
      show('');
      onVisit = () => show(' (for another browser)');
    },
  };
}
