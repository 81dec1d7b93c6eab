import type { Announced, Ending, Step } from './announcement.ts';
import { serviceLabel, type UndoResult } from './deployment.ts';

const maxText = 400;

/** An ARN's last part, which names the thing and not the account. */
const withoutArns = (text: string): string =>
  text.replace(/\barn:[^\s,;)]+/g, (arn) => arn.split(':').slice(5).join(':'));

/** Without what would break the JSON text that EventBridge puts it into as it is, or could be taken for its own `<variable>`. */
const plain = (text: string): string =>
  withoutArns(text)
    .replaceAll('"', "'")
    .replace(/[<>\\\p{Cc}]/gu, ' ')
    .slice(0, maxText);

const undoTexts: Record<UndoResult, string> = {
  'nothing written': 'nothing was changed',
  undone: 'taken back',
  'rolled back by ECS': 'rolled back by ECS',
  'left alone': 'left as somebody else has set it',
  'no way back': 'there was no way back',
};

/** The target's name and where it deploys. */
const placeOf = ({ target, environment, service }: Announced): string => {
  const name = target.slice(target.indexOf('/') + 1);
  const where = environment ?? (service === undefined ? undefined : serviceLabel(service));
  return where === undefined ? name : `${name} (${where})`;
};

/** The commit as GitLab shortens it, or the tag of a pushed image. */
const thingOf = ({ sha, ref, image }: Announced): string => {
  if (sha !== undefined) return ref === undefined ? sha.slice(0, 8) : `${sha.slice(0, 8)} of ${ref}`;
  return image === undefined ? 'a deployment' : `image ${image.slice(image.lastIndexOf(':') + 1)}`;
};

/** Our own sentence; what follows are facts and other people's words, which `because` of the event has whole. */
const reason = (because: string): string => because.split('; ')[0] ?? '';

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1_000_000)} MB`;

const stepText = (of: Announced, step: Step): string => {
  if (step.step === 'image copied') return `${thingOf(of)} is in ECR, ${megabytes(step.bytes)} copied`;
  if (step.step === 'traffic shifted') return `${step.weight} % of users on ${thingOf(of)}`;
  const texts = {
    'revision registered': `${thingOf(of)} is registered with ECS`,
    'rollout started': `${thingOf(of)} is being rolled out`,
    'undo begun': `${thingOf(of)} is being taken back`,
  };
  return texts[step.step];
};

const endText = (of: Announced, ending: Ending): string => {
  const because = reason(ending.because);
  if (ending.outcome === 'failed') {
    const undo = ending.undo === undefined ? '' : ` (${undoTexts[ending.undo]})`;
    return `${thingOf(of)} FAILED: ${ending.failure}: ${because}${undo}`;
  }
  if (ending.outcome === 'already deployed') return `${thingOf(of)} was deployed already`;
  if (ending.outcome !== 'deployed') return `${thingOf(of)} was not deployed, ${ending.outcome}: ${because}`;
  return ending.warning === undefined ? `deployed ${thingOf(of)}` : `deployed ${thingOf(of)}, but ${ending.warning}`;
};

/**
 * One sentence for people, at most 400 characters: no ARN, no quotation marks, nothing that EventBridge would read as
 * its own. Without a step or an ending: that it begins.
 */
export const announcedText = (of: Announced, what?: Step | Ending): string => {
  const begins = `${thingOf(of)} begins`;
  const text = what === undefined ? begins : 'step' in what ? stepText(of, what) : endText(of, what);
  return plain(`${placeOf(of)}: ${text}`);
};
