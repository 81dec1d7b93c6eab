import type { Template } from './widening.ts';

/** What MiniStack does not know, and fails the whole stack for. In the stage `local`, and nowhere else, it is left out. */
export const unknownTypes: readonly string[] = ['AWS::SecretsManager::RotationSchedule'];

/** Takes from the template every resource of a type above; nothing else may refer to it. */
export const leaveOut = (template: Template): void => {
  const known = Object.entries(template.Resources).filter(([, { Type }]) => !unknownTypes.includes(Type));
  template.Resources = Object.fromEntries(known);
};
