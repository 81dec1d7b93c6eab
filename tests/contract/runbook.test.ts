import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureNames, retryableNames } from '../../lib/domain/failure.ts';

/** The runbook's second half held against the closed list of failures. */

const runbook = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
const part = runbook.slice(runbook.indexOf('\n# Failures, by name\n'));
const sections = part
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ name: section.slice(0, section.indexOf('\n')), text: section }));

const paragraphs = ['Means', 'Left', 'Look', 'Do', 'A resent hook'];
const again = 'Tries again, up to five attempts.';
const final = 'No: that end is final for this cause. After the repair, run the job again in GitLab.';

test('it has one heading for each failure name, in the list’s order', () => {
  expect(sections.map(({ name }) => name)).toEqual([...failureNames]);
});

test.each(sections)(
  '$name: what it means, how things were left, where to look, what to do, and again?',
  ({ name, text }) => {
    const bold = [...text.matchAll(/^\*\*(.+?)\.\*\* ?/gm)].map(([, title]) => title);
    expect(bold).toEqual(paragraphs);
    const said = /^\*\*A resent hook\.\*\* (.+)$/m.exec(text)?.[1];
    expect(said).toBe((retryableNames as readonly string[]).includes(name) ? again : final);
  },
);
