/** What the host of an AWS service says about its requests. */
export interface AwsPlace {
  readonly region?: string;
  /** The name in the credential scope. */
  readonly service?: string;
}

const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/;

/**
 * Reads region and service from a host: `abc.execute-api.eu-west-1.amazonaws.com`, `dynamodb.us-east-1.amazonaws.com`,
 * `bucket.s3.amazonaws.com`, `search-x.eu-west-1.es.amazonaws.com`, `abc.lambda-url.eu-west-1.on.aws`. Hosts without a
 * region are global services, which are signed for us-east-1. Another domain says nothing.
 */
export function awsPlace(hostname: string): AwsPlace {
  const [, before] = /^(.+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws)$/.exec(hostname.toLowerCase()) ?? [];
  if (before === undefined) return {};
  const labels = before.split('.').filter((label) => !NOT_A_SERVICE.has(label));
  const at = labels.findIndex((label) => REGION.test(label));
  const region = at < 0 ? 'us-east-1' : (labels[at] ?? '');
  // OpenSearch puts the service after the region.
  const label = at < 0 ? labels.at(-1) : (labels[at + 1] ?? labels[at - 1]);
  if (label === undefined) return { region };
  return { region, service: SIGNING_NAMES[label] ?? label };
}

/** Variants of an endpoint. */
const NOT_A_SERVICE: ReadonlySet<string> = new Set(['dualstack', 'vpce']);

/** Services whose host has another name than their credential scope. */
const SIGNING_NAMES: Readonly<Record<string, string>> = {
  'lambda-url': 'lambda',
  email: 'ses',
  'email-smtp': 'ses',
  'streams-dynamodb': 'dynamodb',
  'bedrock-runtime': 'bedrock',
  'bedrock-agent': 'bedrock',
  'bedrock-agent-runtime': 'bedrock',
  'api-sagemaker': 'sagemaker',
  'runtime-sagemaker': 'sagemaker',
};
