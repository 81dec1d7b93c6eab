export interface HttpApiRequest {
  path: string;
  headers: Record<string, string>;
  body: string;
  /** milliseconds since the epoch */
  at: number;
  requestId: string;
}

const apiId = 'abcdef1234';
const domain = `${apiId}.execute-api.eu-central-1.amazonaws.com`;

/** `05/Jan/2026:09:40:00 +0000` */
const clfTime = (at: number): string => {
  const [, day, month, year, time] = new Date(at).toUTCString().split(/[ ,]+/);
  return `${day ?? ''}/${month ?? ''}/${year ?? ''}:${time ?? ''} +0000`;
};

/**
 * What API Gateway's HTTP API hands to a Lambda for this POST: payload format 2.0, header names in lower case, a JSON
 * body as text. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpApiEvent = ({ path, headers, body, at, requestId }: HttpApiRequest) => {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: {
      ...(Object.fromEntries(lowerCase) as Record<string, string>),
      'content-length': String(Buffer.byteLength(body)),
      host: domain,
      'x-forwarded-for': '192.0.2.10',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    requestContext: {
      accountId: '123456789012',
      apiId,
      domainName: domain,
      domainPrefix: apiId,
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.10', userAgent: headers['User-Agent'] },
      requestId,
      routeKey: `POST ${path}`,
      stage: '$default',
      time: clfTime(at),
      timeEpoch: at,
    },
    body,
    isBase64Encoded: false,
  };
};
