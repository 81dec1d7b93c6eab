import { doctorLines } from '../../../../cli/doctor-lines.ts';
import { examineAreas, type Area } from '../../../../cli/doctor.ts';
import { warning, wrong } from '../../../../cli/doctor/finding.ts';
import { DeployFailure } from '../../../../lib/domain/failure.ts';

const place = { stage: 'prod', region: 'us-gov-west-1' };
const area = (name: string, examine: Area['examine']): Area => ({ name, examine });
const well = area('the well', () => Promise.resolve([]));

const run = async (...areas: Area[]) => {
  const asked: string[] = [];
  const output = await examineAreas(areas, place, (name) => asked.push(name));
  return { asked, output, ...doctorLines(output) };
};

test('nothing wrong: one line, exit code 0', async () => {
  const { asked, lines, code } = await run(
    well,
    area('the others', () => Promise.resolve([])),
  );
  expect({ lines, code }).toEqual({ lines: ['2 areas examined: 0 wrong, 0 warnings'], code: 0 });
  expect(asked).toEqual(['the well', 'the others']);
});

test('warnings alone are no failure', async () => {
  const soon = warning('a token ends soon', 'npx drawbridge rotate');
  const { lines, code } = await run(area('tokens', () => Promise.resolve([soon])));
  expect(lines).toEqual([
    'warning: a token ends soon',
    '  → npx drawbridge rotate',
    '1 area examined: 0 wrong, 1 warning',
  ]);
  expect(code).toBe(0);
});

test('an area that cannot be read is a finding, and the others are examined; what is wrong comes first', async () => {
  const refused = () => Promise.reject(new DeployFailure('AwsRefused', 'DescribeServices: AccessDeniedException'));
  const soon = warning('a token ends soon', 'npx drawbridge rotate');
  const { lines, code } = await run(
    area('tokens', () => Promise.resolve([soon])),
    area('the service of 1/web', refused),
    well,
  );
  expect(lines.slice(0, 3)).toEqual([
    'wrong: the service of 1/web could not be asked: AwsRefused: DescribeServices: AccessDeniedException',
    '  → see to that, then: npx drawbridge doctor --stage prod --region us-gov-west-1',
    'warning: a token ends soon',
  ]);
  expect(code).toBe(1);
});

test('what two areas find is told once', async () => {
  const same = () => Promise.resolve([wrong('there is no service prod/web', 'make it')]);
  const { output } = await run(area('one', same), area('two', same));
  expect(output.findings.map(({ area: where }) => where)).toEqual(['one']);
});
