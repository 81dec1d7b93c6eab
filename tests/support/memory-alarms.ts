import type { Alarm, Alarms } from '../../lib/ports/alarms.ts';

/** CloudWatch alarms as a test scripts them. */
export interface MemoryAlarms extends Alarms {
  /** by name */
  alarms: Map<string, Alarm>;
  /** Puts an alarm there, or changes it; a new one is OK and judges by 60 s. */
  set(name: string, change?: Partial<Alarm>): void;
}

export const memoryAlarms = (): MemoryAlarms => {
  const alarms: MemoryAlarms['alarms'] = new Map();
  return {
    alarms,
    set: (name, change = {}) => {
      const alarm = alarms.get(name) ?? { name, state: 'OK', judges: 60 };
      alarms.set(name, { ...alarm, ...change });
    },
    named: async (names) => Promise.resolve(names.flatMap((name) => structuredClone(alarms.get(name)) ?? [])),
  };
};
