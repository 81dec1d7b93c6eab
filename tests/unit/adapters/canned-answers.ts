/** One HTTP answer of AWS's JSON protocol, or, with `xml`, of its query protocol; or no answer at all. */
export type Canned = { status?: number; body?: object; xml?: string; code?: string } | 'no answer';

const errorXml = (code: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>hunter2</Message></Error></ErrorResponse>`;

interface CannedRequest {
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** What was asked, in either protocol: a form's members keep their written names, `Actions.member.1.Type`. */
const asked = ({ headers, body }: CannedRequest) => {
  const target = headers['x-amz-target'];
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  if (target !== undefined) return { target, input: JSON.parse(text) as Record<string, unknown> };
  const form = new URLSearchParams(text);
  const members = [...form].filter(([name]) => name !== 'Action' && name !== 'Version');
  return { target: form.get('Action') ?? '', input: Object.fromEntries<unknown>(members) };
};

/**
 * Options for a real SDK client that gets these answers, in turn and then the last one for ever. What it sent is in
 * `requests`. One try each: what the adapters make of an answer is the question here, not the SDK's retries.
 */
export const cannedAnswers = (...answers: Canned[]) => {
  const requests: { target: string; input: Record<string, unknown> }[] = [];
  const next = () => answers[Math.min(requests.length, answers.length) - 1] ?? 'no answer';
  const handle = (request: CannedRequest): Promise<unknown> => {
    const question = asked(request);
    requests.push(question);
    const answer = next();
    if (answer === 'no answer')
      return Promise.reject(Object.assign(new Error('socket hang up'), { name: 'TimeoutError' }));
    const { status = answer.code === undefined ? 200 : 400, code, body = {}, xml } = answer;
    const json = JSON.stringify(code === undefined ? body : { __type: code, message: 'hunter2', ...body });
    const isForm = request.headers['x-amz-target'] === undefined;
    const text = isForm ? (code === undefined ? (xml ?? '') : errorXml(code)) : json;
    const headers = { 'content-type': isForm ? 'text/xml' : 'application/x-amz-json-1.1' };
    return Promise.resolve({ response: { statusCode: status, headers, body: Buffer.from(text) } });
  };
  return {
    requests,
    options: {
      region: 'us-gov-west-1',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      maxAttempts: 1,
      requestHandler: { handle },
    },
  };
};

/** What it raised, or an error of the test's own when it raised nothing. */
export const raisedBy = async (act: () => Promise<unknown>): Promise<Error> => {
  try {
    await act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was raised');
};
