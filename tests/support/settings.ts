import type { ServiceSeed } from '../../local/fleet/seeds.ts';

/** How ECS is for one scene. */
export interface Setting {
  /** what the title of its test ends with */
  tag: string;
  service: Pick<ServiceSeed, 'readsLag' | 'serviceDeployments'>;
}

export const plain: Setting = { tag: '[plain]', service: {} };

/** As it may be in GovCloud, and on a bad day: seconds of world time, and no service deployments to ask about. */
export const late: Setting = {
  tag: '[reads lag 5 s, no service deployments]',
  service: { readsLag: 5, serviceDeployments: 'unsupported' },
};

/** The setting of a file's scene by its place there: every other one is late, and with the next seed the others are. */
export const settingOf = (seed: number, place: number): Setting => ((seed + place) % 2 === 0 ? plain : late);
