/** One HTTP answer of AWS's JSON protocol, or no answer at all. */
export type Canned = { status?: number; body?: object; code?: string } | 'no answer';

/**
 * Options for a real SDK client that gets these answers, in turn and then the last one for ever. What it sent is in
 * `requests`. One try each: what the adapters make of an answer is the question here, not the SDK's retries.
 */
export const cannedAnswers = (...answers: Canned[]) => {
  const requests: { target: string; input: Record<string, unknown> }[] = [];
  const next = () => answers[Math.min(requests.length, answers.length) - 1] ?? 'no answer';
  const handle = (request: { headers: Record<string, string>; body: string }): Promise<unknown> => {
    const input = JSON.parse(request.body) as Record<string, unknown>;
    requests.push({ target: request.headers['x-amz-target'] ?? '', input });
    const answer = next();
    if (answer === 'no answer')
      return Promise.reject(Object.assign(new Error('socket hang up'), { name: 'TimeoutError' }));
    const { status = answer.code === undefined ? 200 : 400, code, body = {} } = answer;
    const text = JSON.stringify(code === undefined ? body : { __type: code, message: 'hunter2', ...body });
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
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
