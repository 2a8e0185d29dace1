import { describe, expect, test } from 'vitest';
import { awsPlace } from './aws-place.ts';
import { type SignV4Options, signV4 } from './sign-v4.ts';

// Signatures published by AWS: the Signature Version 4 test suite, and the examples of the S3 reference.

const NOW = Date.UTC(2015, 7, 30, 12, 36);
const SUITE = {
  method: 'GET',
  url: 'https://example.amazonaws.com/',
  headers: [],
  body: undefined,
  key: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  region: 'us-east-1',
  service: 'service',
  now: NOW,
} as const;
const utf8 = (text: string) => new TextEncoder().encode(text);
const HOST = 'https://example.amazonaws.com';

describe('the test suite of AWS', () => {
  test.each<[string, Partial<SignV4Options>, string]>([
    ['get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    [
      'get-vanilla-query-order-key-case',
      { url: `${HOST}/?Param2=value2&Param1=value1` },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'get-vanilla-empty-query-key',
      { url: `${HOST}/?Param1=value1` },
      'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb',
    ],
    [
      'get-vanilla-utf8-query',
      { url: `${HOST}/?%E1%88%B4=bar` },
      '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
    ],
    ['get-utf8', { url: `${HOST}/ሴ` }, '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'],
    [
      'get-unreserved',
      { url: `${HOST}/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz` },
      '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
    ],
    ['get-slash', { url: `${HOST}//` }, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['get-slashes', { url: `${HOST}//example//` }, '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84'],
    [
      'get-relative-relative',
      { url: `${HOST}/example1/example2/../..` },
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    ],
    [
      'get-space',
      { url: `${HOST}/example space/` },
      '652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741',
    ],
    ['post-vanilla', { method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'post-x-www-form-urlencoded',
      {
        method: 'POST',
        headers: [['Content-Type', 'application/x-www-form-urlencoded']],
        body: utf8('Param1=value1'),
      },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
    [
      'post-sts-header-before',
      {
        method: 'POST',
        key: {
          ...SUITE.key,
          sessionToken:
            'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==',
        },
      },
      '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
    ],
  ])('%s', async (_, options, want) => {
    expect((await signV4({ ...SUITE, ...options })).signature).toBe(want);
  });

  test('what is added', async () => {
    const { headers } = await signV4({ ...SUITE, key: { ...SUITE.key, sessionToken: 't' } });
    expect(headers).toEqual({
      'X-Amz-Date': '20150830T123600Z',
      'X-Amz-Security-Token': 't',
      Authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/us-east-1\/service\/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
      ),
    });
  });

  test('a header of the request that is added is signed once, as added', async () => {
    const { signature } = await signV4({ ...SUITE, headers: [['x-amz-date', 'yesterday']] });
    expect(signature).toBe('5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
  });
});

describe('paths and queries that are already encoded', () => {
  const of = (url: string, service = 'service') => signV4({ ...SUITE, url, service });

  test('a path is encoded once more, except for S3', async () => {
    expect((await of(`${HOST}/a%20b`)).signature).not.toBe((await of(`${HOST}/a b`)).signature);
    expect((await of(`${HOST}/a%20b`, 's3')).signature).toBe((await of(`${HOST}/a b`, 's3')).signature);
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html: a key may contain "//".
    expect((await of(`${HOST}/a//b`, 's3')).signature).not.toBe((await of(`${HOST}/a/b`, 's3')).signature);
  });

  test('a query counts as decoded, and is sorted by name and value', async () => {
    const { signature } = await of(`${HOST}/?b=2&a=z&a=%61&c`);
    expect((await of(`${HOST}/?a=a&a=z&b=2&c=`)).signature).toBe(signature);
  });

  test('S3 gets the hash of the body: the example "GET Bucket Lifecycle" of its reference', async () => {
    const { headers, signature } = await signV4({
      ...SUITE,
      url: 'https://examplebucket.s3.amazonaws.com/?lifecycle',
      key: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
      service: 's3',
      now: Date.UTC(2013, 4, 24),
    });
    expect(signature).toBe('fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543');
    expect(headers['X-Amz-Content-Sha256']).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

test.each([
  ['abc.execute-api.eu-west-1.amazonaws.com', 'eu-west-1', 'execute-api'],
  ['vpce-1.execute-api.eu-west-1.vpce.amazonaws.com', 'eu-west-1', 'execute-api'],
  ['dynamodb.us-gov-west-1.amazonaws.com', 'us-gov-west-1', 'dynamodb'],
  ['ec2.cn-north-1.amazonaws.com.cn', 'cn-north-1', 'ec2'],
  ['email.eu-central-1.amazonaws.com', 'eu-central-1', 'ses'],
  ['bucket.s3.eu-west-3.amazonaws.com', 'eu-west-3', 's3'],
  ['bucket.s3.dualstack.eu-west-3.amazonaws.com', 'eu-west-3', 's3'],
  ['bucket.s3.amazonaws.com', 'us-east-1', 's3'],
  ['iam.amazonaws.com', 'us-east-1', 'iam'],
  ['search-x.ap-southeast-2.es.amazonaws.com', 'ap-southeast-2', 'es'],
  ['abc.lambda-url.eu-west-1.on.aws', 'eu-west-1', 'lambda'],
  ['lambda.eu-west-1.api.aws', 'eu-west-1', 'lambda'],
  ['api.example.com', undefined, undefined],
  ['amazonaws.com.evil.test', undefined, undefined],
])('the host %s: region %s, service %s', (host, region, service) => {
  expect(awsPlace(host)).toEqual(region === undefined ? {} : { region, service });
});
