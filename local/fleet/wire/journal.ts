import type { FleetCall } from '../seeds.ts';

/** What a run leaves behind: the calls in the order in which the world carried them out, and what was wrong with the fleet. */
export interface Journal {
  calls: FleetCall[];
  /** answers that did not fit AWS's model, and breakdowns of the world: each fails the run */
  defects: string[];
  /** members that passed only because newer SDKs know them, each named once */
  newer: string[];
  record: (call: Omit<FleetCall, 'number'>) => void;
  defect: (text: string) => void;
  passedAsNewer: (members: string[]) => void;
}

export const journal = (onDefect: (text: string) => void): Journal => {
  const kept: Pick<Journal, 'calls' | 'defects' | 'newer'> = { calls: [], defects: [], newer: [] };
  return {
    ...kept,
    record: (call) => {
      kept.calls.push({ number: kept.calls.length + 1, ...call, input: recordable(call.input) });
    },
    defect: (text) => {
      kept.defects.push(text);
      onDefect(text);
    },
    passedAsNewer: (members) => {
      for (const member of members) if (!kept.newer.includes(member)) kept.newer.push(member);
    },
  };
};

/** A copy that later changes do not reach. Blobs are named by their size alone, secrets not at all. */
const recordable = (input: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(input).map(([member, value]) => [member, member === 'ClientSecret' ? '<secret>' : plain(value)]),
  );

const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'object' && value !== null ? recordable(value as Record<string, unknown>) : value;
};
