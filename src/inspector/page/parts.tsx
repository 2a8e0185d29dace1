import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from './announce.ts';
import type { Fetched } from './use-fetched.ts';

export function Method({ method }: { method: string | undefined }) {
  return <span class={`method ${(method ?? 'tool').toLowerCase()}`}>{method ?? 'TOOL'}</span>;
}

/** The heading of what was selected. It gets the focus, so that keyboards and screen readers continue there. */
export function Heading({ children, id }: { children: ComponentChildren; id: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Not when the page opens.
    if (document.activeElement !== document.body) heading.current?.focus();
  }, [id]);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {children}
    </h2>
  );
}

/** What scrolls by itself must be reachable by keyboard. */
export function Scrolling({ label, children, ...rest }: { label: string; children: ComponentChildren; class: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboards scroll what has the focus
    <section aria-label={label} tabIndex={0} {...rest}>
      {children}
    </section>
  );
}

/** A text of several lines that scrolls by itself, and can be copied. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <div class="code">
      <Copy text={text} label={label} />
      <Scrolling class="scrolls" label={label}>
        <pre>{text}</pre>
      </Scrolling>
    </div>
  );
}

function Copy({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    announce('Copied');
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <button type="button" class="small copy" onClick={copy}>
      {copied ? 'Copied' : 'Copy'}
      <span class="hidden"> {label}</span>
    </button>
  );
}

export const Json = ({ value, label }: { value: unknown; label: string }) => (
  <Code text={JSON.stringify(value, null, 2)} label={label} />
);

export function Notice({ kind, children }: { kind: 'error' | 'warning' | 'info'; children: ComponentChildren }) {
  return <div class={`notice ${kind}`}>{children}</div>;
}

export function Loaded<T>({ fetched, children }: { fetched: Fetched<T>; children: (value: T) => ComponentChildren }) {
  switch (fetched.state) {
    case 'loading':
      return <p class="quiet">Loading …</p>;
    case 'failed':
      return <Notice kind="error">{fetched.message}</Notice>;
    case 'ready':
      return <>{children(fetched.value)}</>;
  }
}

const NUMBERS = new Intl.NumberFormat('en-US');
export const grouped = (count: number): string => NUMBERS.format(count);

export const milliseconds = (ms: number): string =>
  ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;

export const counted = (count: number, thing: string): string => `${grouped(count)} ${thing}${count === 1 ? '' : 's'}`;
