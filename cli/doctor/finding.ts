/** Something that is not as it should be, and what mends it. Neither ever holds a secret. */
export interface Finding {
  what: string;
  /** `wrong`: deployments fail, or are not begun, because of it; `warning`: they soon may, or something less is at stake */
  severity: 'wrong' | 'warning';
  /** a command, or a sentence with one */
  remedy: string;
}

export const wrong = (what: string, remedy: string): Finding => ({ what, severity: 'wrong', remedy });

export const warning = (what: string, remedy: string): Finding => ({ what, severity: 'warning', remedy });

/** A finding if it is so. */
export const when = (isSo: boolean, finding: Finding): Finding[] => (isSo ? [finding] : []);

/** The deployed stage that is examined, as remedies name it. */
export interface Place {
  stage: string;
  region: string;
}

/** One of our own commands, on that stage. */
export const ours = (command: string, { stage, region }: Place): string =>
  `npx drawbridge ${command} --stage ${stage} --region ${region}`;
