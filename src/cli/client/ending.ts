import { ConnectError, ResultMismatch } from '../../client/errors.ts';
import { failureKind } from '../../client/failure-kind.ts';
import { notAuthorizedIn } from '../../runtime/compose/remote/auth/not-authorized.ts';
import { reasonOf } from '../../runtime/compose/remote/reason.ts';
import { messageOf } from '../../runtime/errors.ts';
import { type Outcome, outcomeOf } from '../../runtime/outcome.ts';
import { refused } from '../output/refused.ts';
import { CommandError, EXIT, type ExitCode, usageError } from '../output/report.ts';

/** The exit code for an error result, or for the error thrown instead of a result. */
export function exitOfOutcome(outcome: Outcome | undefined): ExitCode {
  switch (outcome?.error) {
    case 'INVALID_ARGUMENTS':
    case 'UNSAFE_ARGUMENT':
    case 'FILE_REFUSED':
      return EXIT.usage;
    case 'MISSING_CREDENTIAL':
    case 'CREDENTIAL_REFUSED':
    case 'SIGNING_FAILED':
      return EXIT.credential;
    case 'TIMEOUT':
    case 'CONNECTION_REFUSED':
    case 'CONNECTION_LOST':
    case 'HOST_NOT_FOUND':
    case 'TLS_FAILED':
    case 'NETWORK_FAILED':
      return EXIT.network;
    case 'ANSWER_TOO_LARGE':
    case 'ANSWER_UNREADABLE':
      return EXIT.document;
    case 'CANCELLED':
      return EXIT.interrupted;
    default:
      return outcome?.status === 401 || outcome?.status === 403 ? EXIT.credential : EXIT.tool;
  }
}

/** The exit code for a response: success only if it is complete and matches its schema. */
export function exitOfAnswer(outcome: Outcome | undefined): ExitCode {
  return outcome?.flaw === undefined ? EXIT.ok : EXIT.document;
}

export interface EndingOptions {
  /** What to do if the server cannot be reached. */
  readonly check?: string;
  /** Whether a credential was sent to the server. */
  readonly sendsCredential?: boolean;
}

/** Turns a failed request into the error that ends the command. Other errors are returned unchanged. */
export function endingOf(
  error: unknown,
  { check = 'Check that the server still runs.', sendsCredential = false }: EndingOptions = {},
): unknown {
  if (error instanceof ResultMismatch) {
    return new CommandError(EXIT.document, error.message, '--json prints the complete response.');
  }
  const refusal = notAuthorizedIn(error);
  if (refusal !== undefined) return refused(refusal);
  const outcome = outcomeOf(error instanceof Error && 'data' in error ? error.data : undefined);
  const told = error instanceof ConnectError ? error.message : reasonOf(error);
  switch (failureKind(error)) {
    case 'unauthorized':
      return new CommandError(
        EXIT.credential,
        sendsCredential ? `${told}: the server rejected the credential.` : `${told}.`,
        sendsCredential
          ? 'Check that the credential is for this server and has not expired.'
          : 'Pass a token: --auth mcp=<token>.',
      );
    case 'unreachable':
      return new CommandError(EXIT.network, told, check);
    case 'timeout':
      return new CommandError(
        EXIT.network,
        'The server did not respond in time.',
        '--timeout <seconds> sets a longer limit.',
      );
    case 'unknown':
      return new CommandError(EXIT.document, messageOf(error));
    case 'invalid':
      return usageError(messageOf(error));
    case 'failed':
      return new CommandError(exitOfOutcome(outcome), messageOf(error).replaceAll('\n', '\n  '));
    case undefined:
      return error;
  }
}
