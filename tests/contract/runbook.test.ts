import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureNames, retryableNames, rotationFailureNames } from '../../lib/domain/failure.ts';

/** The runbook's parts about failures held against their closed lists. */

const runbook = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');

/** The sections of the part with this heading. */
const sectionsOf = (heading: string) => {
  const part = runbook.slice(runbook.indexOf(`\n# ${heading}\n`) + 1);
  const end = part.indexOf('\n# ');
  return (end === -1 ? part : part.slice(0, end))
    .split(/^## /m)
    .slice(1)
    .map((section) => ({ name: section.slice(0, section.indexOf('\n')), text: section }));
};
const titles = (text: string) => [...text.matchAll(/^\*\*(.+?)\.\*\* ?/gm)].map(([, title]) => title);

const sections = sectionsOf('Failures, by name');
const rotation = sectionsOf('Failures of a rotation, by name');

const paragraphs = ['Means', 'Left', 'Look', 'Do', 'A resent hook'];
const again = 'Tries again, up to five attempts.';
const final = 'No: that end is final for this cause. After the repair, run the job again in GitLab.';

test('it has one heading for each failure name, in the list’s order', () => {
  expect(sections.map(({ name }) => name)).toEqual([...failureNames]);
});

test.each(sections)(
  '$name: what it means, how things were left, where to look, what to do, and again?',
  ({ name, text }) => {
    expect(titles(text)).toEqual(paragraphs);
    const said = /^\*\*A resent hook\.\*\* (.+)$/m.exec(text)?.[1];
    expect(said).toBe((retryableNames as readonly string[]).includes(name) ? again : final);
  },
);

test('it has one heading for each failure of a rotation, in the list’s order', () => {
  expect(rotation.map(({ name }) => name)).toEqual([...rotationFailureNames]);
});

test.each(rotation)('$name, of a rotation: the same, but for a hook that is resent', ({ text }) => {
  expect(titles(text)).toEqual(['Means', 'Left', 'Look', 'Do']);
});
