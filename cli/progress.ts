import { progressLines } from './rotate-lines.ts';
import type { RotationState } from './rotate.ts';

/** What is written to: a terminal, or a file or pipe. */
export interface Screen {
  isTTY?: boolean;
  write: (text: string) => unknown;
}

const cleared = '\r\u001b[K';

/**
 * Shows how far rotations are. On a terminal: those under way, in one line that is written over, with the seconds gone. Elsewhere: a
 * line for each change.
 */
export const progressOn = (screen: Screen): ((rotations: readonly RotationState[]) => void) => {
  const told = new Set<string>();
  return (rotations) => {
    const going = rotations.filter(({ state }) => state === 'under way');
    if (screen.isTTY === true) {
      const seconds = Math.round(Math.max(0, ...rotations.map((rotation) => rotation.seconds)));
      const line = going.length === 0 ? '' : `${progressLines(going).join(' · ')} · ${seconds} s`;
      screen.write(`${cleared}${line}`);
      return;
    }
    for (const line of progressLines(going).filter((one) => !told.has(one))) {
      told.add(line);
      screen.write(`${line}\n`);
    }
  };
};
