import { warning, when, wrong, type Finding } from './finding.ts';

/** The time that others say it is, and this machine's at that moment. */
export interface ClockSight {
  who: string;
  theirs: Date;
  here: Date;
}

const noticed = 60; // s
// AWS takes no signature that is older: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
const refused = 300; // s

/** Whose clock differs. Two that differ from this machine's the same way mean that it is this machine's. */
export const judgeClocks = (sights: readonly ClockSight[]): Finding[] =>
  sights.flatMap(({ who, theirs, here }) => {
    const seconds = Math.round((theirs.getTime() - here.getTime()) / 1_000);
    const off = Math.abs(seconds);
    const what = `${who}'s clock is ${off} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine's`;
    const remedy = "set this machine's clock, or GitLab's: timedatectl set-ntp true";
    return when(off > noticed, off >= refused ? wrong(what, remedy) : warning(what, remedy));
  });
