import { sideBySide } from '../lib/app/side-by-side.ts';
import { ours, wrong, type Finding, type Place } from './doctor/finding.ts';
import { saidBy } from './said-by.ts';

/** One part of what is examined. */
export interface Area {
  name: string;
  examine: () => Promise<Finding[]>;
}

/** What was found, and where. */
export type Found = Finding & { area: string };

export interface DoctorOutput {
  /** names of all areas that were examined */
  areas: string[];
  findings: Found[];
}

const atOnce = 4;

/** That an area cannot be read is a finding too, and stops no other. */
const examined = async ({ name, examine }: Area, again: string): Promise<Found[]> => {
  try {
    return (await examine()).map((finding) => ({ area: name, ...finding }));
  } catch (error) {
    const finding = wrong(`${name} could not be asked: ${saidBy(error)}`, `see to that, then: ${again}`);
    return [{ area: name, ...finding }];
  }
};

/** Examines all areas; of what several of them find, only the first is told. `show` is told of each before it is asked. */
export const examineAreas = async (
  areas: readonly Area[],
  place: Place,
  show: (area: string) => void,
): Promise<DoctorOutput> => {
  const found = await sideBySide(areas, atOnce, async (area) => {
    show(area.name);
    return examined(area, ours('doctor', place));
  });
  const findings = new Map<string, Found>();
  for (const finding of found.flat()) if (!findings.has(finding.what)) findings.set(finding.what, finding);
  return { areas: areas.map(({ name }) => name), findings: [...findings.values()] };
};
