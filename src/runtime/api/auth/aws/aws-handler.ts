import { CallError } from '../../../call-error.ts';
import type { AuthHandler } from '../auth-handler.ts';
import type { AwsCredential } from '../credentials.ts';
import { awsPlace } from './aws-place.ts';
import { signV4 } from './sign-v4.ts';

/** What the user sets, for messages: `AWS_REGION_SIGV4`. */
export interface AwsNames {
  readonly region: string;
  readonly service: string;
}

/**
 * Signs requests with AWS Signature Version 4. Region and service are read from the host if they are not given.
 *
 * `authorize` throws CallError `MISSING_CREDENTIAL` if one of them is unknown.
 */
export function awsHandler(key: AwsCredential, names: AwsNames, now: () => number = Date.now): AuthHandler {
  return {
    async authorize({ method, url, headers, body }) {
      const { hostname, host } = new URL(url);
      const place = awsPlace(hostname);
      const region = key.region ?? place.region;
      const service = key.service ?? place.service;
      if (region === undefined) throw unknown(`The AWS region of ${host} is unknown.`, names.region, 'eu-west-1');
      if (service === undefined) throw unknown(`The AWS service of ${host} is unknown.`, names.service, 'execute-api');
      const signed = await signV4({ method, url, headers, body, key, region, service, now: now() });
      const token = key.sessionToken === undefined ? [] : [key.sessionToken];
      return { headers: signed.headers, secrets: [signed.signature, ...token] };
    },
  };
}

const unknown = (message: string, name: string, example: string): CallError =>
  new CallError('MISSING_CREDENTIAL', message, { hint: `Set ${name}, for example to ${example}.` });
