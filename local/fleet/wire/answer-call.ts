import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Operations, Output } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { FleetCall } from '../seeds.ts';
import { wireError } from './errors.ts';
import type { Fault, Faults } from './faults.ts';
import { fit } from './fit.ts';
import type { Journal } from './journal.ts';
import type { Judge, Refusal } from './judge.ts';
import { unjudged } from './judge.ts';
import type { Answer, WireError } from './protocol.ts';
import type { Call, WireRequest } from './request.ts';
import type { Understood } from './understand.ts';
import { understand } from './understand.ts';
import type { PlayedWorld } from './world.ts';

export interface Wire {
  world: PlayedWorld;
  clock: Clock;
  judge: Judge;
  faults: Faults;
  journal: Journal;
}

/** What becomes of a call: an answer, or a connection reset instead of one. */
interface Settled<A = Answer | 'reset'> {
  answer: A;
  outcome: FleetCall['outcome'];
  error?: string;
  fault?: string;
}

/** Answers one AWS call and records it: who may, is it well-formed, does a fault hit it, and only then the world. */
export const answerCall = async (wire: Wire, call: Call, request: WireRequest): Promise<Answer | 'reset'> => {
  const understood = understand(wire, call, request.body);
  const early = (await judged(wire, understood, request)) ?? refused(understood);
  if (early !== undefined) return recorded(wire, understood, early);
  const fault = wire.faults.strike({ ...call, resources: resourcesOf(understood), input: understood.input });
  if (fault?.kind === 'slow') await passed(wire.clock, fault.seconds);
  return recorded(wire, understood, underFault(wire, understood, fault));
};

/** Records a call of which only a part came before the connection was cut. */
export const recordCut = (wire: Wire, call: Call): void => {
  recorded(wire, { call, input: {}, permissions: [] }, { answer: 'reset', outcome: 'fault', fault: 'cut' });
};

/**
 * Has somebody make the call whom nobody judges and no fault hits: it takes effect and is recorded like any other one.
 * `body` holds the input as JSON.
 */
export const answerUnjudged = (wire: Wire, call: Call, body: Buffer): Answer => {
  const understood = understand(wire, call, body);
  const { answer, ...outcome } = refused(understood) ?? played(wire, understood);
  recorded(wire, understood, { answer, ...outcome });
  return answer;
};

const passed = (clock: Clock, seconds: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(seconds * 1000, resolve);
  });

const resourcesOf = ({ permissions }: Understood): string[] => permissions[0]?.resources ?? [];

const recorded = (wire: Wire, understood: Understood, settled: Settled): Answer | 'reset' => {
  const { answer, ...outcome } = settled;
  const { call, input, permissions } = understood;
  const { service, operation, caller } = call;
  const at = new Date(wire.clock.now()).toISOString();
  const resources = resourcesOf(understood);
  wire.journal.record({ at, caller, service, operation, resources, permissions, input, ...outcome });
  return answer;
};

const judged = async (wire: Wire, understood: Understood, request: WireRequest): Promise<Settled | undefined> => {
  const { known, model } = understood.call;
  if (known === undefined || unjudged.has(model.name)) return undefined;
  let refusal: Refusal | undefined;
  try {
    refusal = await wire.judge.judge(request, judgedOnce(understood, request));
  } catch (error) {
    return broken(wire, understood.call, `nobody judges who may: ${String(error)}`);
  }
  return refusal && { answer: refusal.answer, outcome: 'denied', error: refusal.code };
};

/** Layer parts are megabytes each: one judgement per credentials and repository is enough. */
const judgedOnce = ({ call, input }: Understood, request: WireRequest): string | undefined => {
  if (call.operation !== 'UploadLayerPart') return undefined;
  const accessKeyId = /Credential=([^/,]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return `${accessKeyId} ${String(input['repositoryName'])}`;
};

const refused = ({ call, refusal }: Understood): Settled<Answer> | undefined => refusal && failed(call, refusal);

const underFault = (wire: Wire, understood: Understood, fault: Fault | undefined): Settled => {
  if (fault === undefined) return played(wire, understood);
  const hit = { outcome: 'fault', fault: fault.kind } as const;
  const { codes } = understood.call.protocol;
  const error = (code: string, message: string, status: number): Settled => ({
    ...failed(understood.call, { code, message, status, fields: {} }),
    ...hit,
  });
  switch (fault.kind) {
    case 'throttle':
      return error(codes.throttled, 'Rate exceeded', 400);
    case 'server error':
      return error(codes.broken, 'The service had an internal error', 500);
    case 'refuse':
      return error(fault.code, fault.message, 400);
    case 'reset':
      return { answer: 'reset', ...hit };
    case 'answer lost':
      return { ...played(wire, understood), answer: 'reset', ...hit };
    case 'stale read':
      return { ...playedIn(wire, understood, wire.world.before(fault.writes ?? 1)), fault: fault.kind };
    case 'slow':
      return { ...played(wire, understood), fault: fault.kind };
  }
};

/** The call reaches the world, as one step of it. */
const played = (wire: Wire, understood: Understood): Settled<Answer> =>
  playedIn(wire, understood, wire.world.operations);

/** An answer that does not fit AWS's model is a defect of ours. */
const playedIn = (wire: Wire, { call, input }: Understood, operations: Operations): Settled<Answer> => {
  const play = operations[call.model.name][call.operation];
  if (play === undefined || call.known === undefined) {
    const message = `${call.service} ${call.operation} exists on AWS, but the fleet does not play it`;
    return failed(call, { code: call.protocol.codes.unknownOperation, message, status: 400, fields: {} });
  }
  try {
    return answered(wire, { ...call, known: call.known }, play(input));
  } catch (thrown) {
    if (!(thrown instanceof AwsError)) return broken(wire, call, String((thrown as Error).stack ?? thrown));
    const { error, misfits } = wireError(call.model, thrown);
    return misfits.length > 0
      ? broken(wire, call, `the error ${thrown.code} does not fit the model: ${misfits.join('; ')}`)
      : failed(call, error);
  }
};

const answered = (wire: Wire, call: Call & Required<Pick<Call, 'known'>>, output: Output): Settled<Answer> => {
  const { misfits } = call.known.output ? fit(call.model, call.known.output.shape, output) : { misfits: [] };
  if (misfits.length > 0) return broken(wire, call, `the answer does not fit the model: ${misfits.join('; ')}`);
  const requestId = randomUUID();
  const body = call.protocol.encode(call.model, call.known, { output, requestId });
  return { answer: answerOf(call, { status: 200, body, requestId }), outcome: 'ok' };
};

/** Answered as the service's own fault, and kept as a defect: the run fails. */
const broken = (wire: Wire, call: Call, why: string): Settled<Answer> => {
  const message = `${call.service} ${call.operation}: ${why}`;
  wire.journal.defect(message);
  return failed(call, { code: call.protocol.codes.broken, message, status: 500, fields: {} });
};

const failed = (call: Call, error: WireError): Settled<Answer> => {
  const requestId = randomUUID();
  const body = call.protocol.encodeError(call.model, error, requestId);
  const answer = answerOf(call, { status: error.status, body, requestId });
  if (call.model.protocol === 'json') answer.headers['x-amzn-errortype'] = error.code;
  return { answer, outcome: 'error', error: error.code };
};

const answerOf = (
  call: Call,
  { status, body, requestId }: { status: number; body: string; requestId: string },
): Answer => ({
  status,
  headers: { 'content-type': call.protocol.contentType, 'x-amzn-requestid': requestId },
  body,
});
