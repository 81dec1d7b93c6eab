import { errorBody } from '../../oci/oci-error.ts';
import { bytesOf, type OciAnswer } from '../../oci/oci-call.ts';
import { faultAnswer } from '../api/faults.ts';
import { challenge } from './authenticate.ts';
import { expiredLink } from './object-storage.ts';
import type { RegistryFault } from './registry-faults.ts';

const asOci = ({ status, headers, body }: ReturnType<typeof faultAnswer>): OciAnswer => ({
  status,
  ...(headers === undefined ? {} : { headers }),
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const failed = (status: number): OciAnswer => {
  if ([502, 503, 504].includes(status)) return asOci(faultAnswer({ kind: 'error', status }));
  const headers = { 'Content-Type': 'application/json' };
  return { status, headers, body: errorBody({ code: 'UNKNOWN', message: 'unknown error' }) };
};

const challenged = (realm: string): OciAnswer => {
  const error = challenge(realm, undefined);
  return { status: 401, headers: error.headers, body: errorBody(error) };
};

/** What a fault answers instead of the truth; undefined when the truth is asked for. */
export const insteadOf = (fault: RegistryFault | undefined): OciAnswer | undefined => {
  switch (fault?.kind) {
    case 'error':
      return failed(fault.status);
    case 'rate limit':
      return asOci(faultAnswer(fault));
    case 'expired link':
      return expiredLink;
    case 'redirect':
      return { status: 307, headers: { Location: fault.to } };
    case 'challenge':
      return challenged(fault.realm);
    case 'answer':
      return { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? '' };
    default:
      return undefined;
  }
};

const flipped = (bytes: Buffer): Buffer => {
  const other = Buffer.from(bytes);
  for (let at = 0; at < other.length; at += 4096) other[at] = (other[at] ?? 0) ^ 0xff;
  return other;
};

const resized = (bytes: Buffer, by: number): Buffer =>
  by < 0 ? bytes.subarray(0, Math.max(0, bytes.length + by)) : Buffer.concat([bytes, Buffer.alloc(by)]);

/** The true answer, made untrue by the fault. */
export const twisted = (fault: RegistryFault | undefined, answer: OciAnswer): OciAnswer => {
  switch (fault?.kind) {
    case 'wrong bytes':
      return { ...answer, body: flipped(bytesOf(answer)) };
    case 'other length':
      return { ...answer, body: resized(bytesOf(answer), fault.by) };
    case 'media type':
      return { ...answer, headers: { ...answer.headers, 'Content-Type': fault.mediaType } };
    default:
      return answer;
  }
};
