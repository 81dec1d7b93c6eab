import { lookup as systemLookup } from 'node:dns';
import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { DeployFailure } from '../../domain/failure.ts';
import type { AddressJudge } from './address-rules.ts';
import { withDirectReading } from './direct-bytes.ts';

/**
 * ms that a connection is kept without use. A Lambda that was frozen meanwhile holds connections that the other side has
 * long closed, and each of them would cost a try.
 */
const idle = 5_000;

export interface JudgedAgents {
  http: HttpAgent;
  https: HttpsAgent;
}

const refusal = (host: string): DeployFailure =>
  new DeployFailure('RegistryRefused', 'this host has an address that is not asked', { facts: { host } });

/** One forbidden address among several is enough: the next question may be answered by that one alone. */
const judgedLookup =
  (judge: AddressJudge, lookup: LookupFunction): LookupFunction =>
  (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      const [first] = addresses;
      if (error !== null) callback(error, '');
      else if (first === undefined || !addresses.every(({ address }) => judge(host, address)))
        callback(refusal(host), '');
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

/** A host that is written as an address is connected to without a lookup. */
const withoutForbiddenLiterals = <A extends HttpAgent>(agent: A, judge: AddressJudge): A => {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const host = options.host ?? '';
    if (isIP(host) === 0 || judge(host, host)) return connect(options, callback);
    // The types want a socket beside the error. There is none.
    process.nextTick(callback as (error: Error) => void, refusal(host));
    return undefined;
  };
  return agent;
};

/**
 * Connections that are made only to addresses that the judge lets pass: it sees the very address that is connected to,
 * so that a name which changes its address in between gains nothing. They are kept for the next request.
 */
export const judgedAgents = (judge: AddressJudge, lookup: LookupFunction = systemLookup): JudgedAgents => {
  const options: AgentOptions & { lookup: LookupFunction } = {
    keepAlive: true,
    timeout: idle,
    lookup: judgedLookup(judge, lookup),
  };
  return {
    http: withoutForbiddenLiterals(withDirectReading(new HttpAgent(options)), judge),
    https: withoutForbiddenLiterals(withDirectReading(new HttpsAgent(options)), judge),
  };
};
