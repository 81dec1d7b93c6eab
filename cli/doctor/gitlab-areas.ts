import type { Target } from '../../lib/domain/target.ts';
import type { ProjectTargets } from '../../lib/ports/targets.ts';
import type { DoctorPorts } from '../doctor-ports.ts';
import type { Area } from '../doctor.ts';
import { viewHooks } from '../hooks.ts';
import { judgeClocks, type ClockSight } from './clock.ts';
import type { Place } from './finding.ts';
import { judgeHooks } from './hooks.ts';
import { judgeProject, type ProjectSight } from './project.ts';
import { judgeTokens, type TokensSight } from './tokens.ts';

/** What is asked of GitLab. */

const lookAtTokens = async (ports: DoctorPorts, copies: boolean): Promise<TokensSight> => {
  const { credentials, manager, settings, tokens, names } = ports;
  const [shown, managing] = await Promise.all([credentials(), manager()]);
  const { username, password } = shown.registry;
  const [gitlab, managers, registryLogin] = await Promise.all([
    settings.token(shown.token),
    managing.manager ? settings.token(managing.token) : ('none' as const),
    copies ? tokens.logsIn(username, password) : undefined,
  ]);
  const forRegistry = password === shown.token;
  return { gitlab, manager: managers, secrets: names, registryLogin, forRegistry };
};

/** A tag such as the pattern covers. */
const sampleOf = (pattern: string): string => pattern.replaceAll('*', '1');

const imageTagsOf = async ({ gitlab }: DoctorPorts, project: number, targets: readonly Target[]) => {
  const found = new Map<string, boolean>();
  const path = await gitlab.projectPath(project);
  for (const { name, on, unprotectedTags } of targets) {
    if (on.kind !== 'image' || unprotectedTags === true || path.state !== 'found') continue;
    const answer = await gitlab.imageTagProtected({ id: project, path: path.value }, sampleOf(on.tag));
    if (answer.state === 'unavailable') throw new Error(answer.because);
    found.set(name, answer.state === 'found' && answer.value);
  }
  return found;
};

const lookAtProject = async (ports: DoctorPorts, { project, targets }: ProjectTargets): Promise<ProjectSight> => {
  const { settings, tokens, credentials } = ports;
  const known = await tokens.sees((await credentials()).token, project);
  const nothing = { protectedBranches: [], protectedTags: [], protectedEnvironments: [], variables: [] };
  if (!known) return { project, targets, known, ...nothing, imageTags: new Map() };
  const [protectedBranches, protectedTags, protectedEnvironments, variables, imageTags] = await Promise.all([
    settings.protectedBranches(project),
    settings.protectedTags(project),
    settings.protectedEnvironments(project),
    settings.variables(project),
    imageTagsOf(ports, project, targets),
  ]);
  return { project, targets, known, protectedBranches, protectedTags, protectedEnvironments, variables, imageTags };
};

const hooksArea = (ports: DoctorPorts, { project }: ProjectTargets, place: Place): Area => ({
  name: `the hooks of project ${project}`,
  examine: async () => {
    const [view] = await viewHooks(ports)({ project });
    if (view === undefined) return [];
    if ('failed' in view) throw new Error(view.failed);
    return judgeHooks({ ...view, hooks: view.ours, signed: await ports.signed() }, place);
  },
});

const gitlabTime = async ({ manager, settings, clock }: DoctorPorts): Promise<ClockSight[]> => {
  const seen = await settings.token((await manager()).token);
  return seen === undefined ? [] : [{ who: 'GitLab', theirs: seen.at, here: clock() }];
};

/** The areas for which GitLab is asked. */
export const gitlabAreas = (ports: DoctorPorts, projects: readonly ProjectTargets[], place: Place): Area[] => {
  const copies = projects.some(({ targets }) => targets.some(({ copy }) => copy !== undefined));
  return [
    { name: "GitLab's tokens", examine: async () => judgeTokens(await lookAtTokens(ports, copies), place) },
    ...(ports.realTime ? [{ name: "GitLab's clock", examine: async () => judgeClocks(await gitlabTime(ports)) }] : []),
    ...projects.flatMap((one) => [
      hooksArea(ports, one, place),
      {
        name: `the settings of project ${one.project}`,
        examine: async () => judgeProject(await lookAtProject(ports, one), place),
      },
    ]),
  ];
};
