import type { Input, Permission, ServiceName } from '../operation.ts';
import { fit } from './fit.ts';
import type { Journal } from './journal.ts';
import type { OperationModel } from './models.ts';
import { MalformedRequest } from './protocol.ts';
import type { WireError } from './protocol.ts';
import type { Call } from './request.ts';
import type { PlayedWorld } from './world.ts';

/** A call as read from its request: what it asks for, what it must be allowed for that, or why it cannot be asked at all. */
export interface Understood {
  call: Call;
  input: Input;
  permissions: Permission[];
  refusal?: WireError;
}

export const understand = (wire: { world: PlayedWorld; journal: Journal }, call: Call, body: Buffer): Understood => {
  const { codes } = call.protocol;
  const unasked = { call, input: {}, permissions: [] };
  if (call.known === undefined) {
    return { ...unasked, refusal: clientError(codes.unknownOperation, `Could not find operation ${call.operation}`) };
  }
  try {
    const input = call.protocol.decode(call.model, call.known, body);
    const { misfits, newer } = inputFit(call, call.known, input);
    wire.journal.passedAsNewer(newer);
    if (misfits.length > 0)
      return { call, input, permissions: [], refusal: clientError(codes.invalid, worded(misfits)) };
    return { call, input, permissions: permissionsOf(wire, call, input) };
  } catch (error) {
    if (!(error instanceof MalformedRequest)) throw error;
    return { ...unasked, refusal: clientError(codes.malformed, error.message) };
  }
};

const inputFit = (call: Call, known: OperationModel, input: Input): { misfits: string[]; newer: string[] } => {
  if (known.input !== undefined) return fit(call.model, known.input.shape, input);
  return { misfits: Object.keys(input).map((member) => `Unknown parameter '${member}'`), newer: [] };
};

const worded = (misfits: string[]): string =>
  `${misfits.length} validation error${misfits.length === 1 ? '' : 's'} detected: ${misfits.join('; ')}`;

const clientError = (code: string, message: string): WireError => ({ code, message, status: 400, fields: {} });

const permissionsOf = (wire: { world: PlayedWorld; journal: Journal }, call: Call, input: Input): Permission[] => {
  try {
    return wire.world.permissionsOf(call.model.name satisfies ServiceName, call.operation, input);
  } catch (error) {
    wire.journal.defect(`what ${call.service} ${call.operation} must be allowed cannot be told: ${String(error)}`);
    return [];
  }
};
