import { DeployFailure } from '../../lib/domain/failure.ts';

type Method = (...args: never[]) => Promise<unknown>;

/** The port with one method replaced; the others are its own. */
const replace = <P extends object>(port: P, name: keyof P, method: (original: Method) => Method): P => ({
  ...port,
  [name]: method(port[name] as Method),
});

const unavailable = (name: PropertyKey) => new DeployFailure('AwsUnavailable', `${String(name)}: TimeoutError`);

/** The answers of one method are lost, `times` of them after `skip` have come: the work is done, and the caller hears nothing. */
export const losingAnswers = <P extends object>(port: P, name: keyof P, { times = 1, skip = 0 } = {}): P => {
  let calls = 0;
  return replace(port, name, (original) => async (...args) => {
    const answer = await original(...args);
    calls += 1;
    if (calls > skip && calls <= skip + times) throw unavailable(name);
    return answer;
  });
};

/** One method fails before it does anything, `times` times after `skip` calls that came through. */
export const failing = <P extends object>(
  port: P,
  name: keyof P,
  { times = 1, skip = 0, failure = unavailable(name) }: { times?: number; skip?: number; failure?: DeployFailure } = {},
): P => {
  let calls = 0;
  return replace(port, name, (original) => async (...args) => {
    calls += 1;
    if (calls > skip && calls <= skip + times) throw failure;
    return original(...args);
  });
};

/** Something else happens just before the first call of one method. */
export const before = <P extends object>(port: P, name: keyof P, act: () => void): P => {
  let done = false;
  return replace(port, name, (original) => async (...args) => {
    if (!done) act();
    done = true;
    return original(...args);
  });
};
