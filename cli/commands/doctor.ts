import type { Command } from 'commander';
import type { ProjectTargets } from '../../lib/ports/targets.ts';
import type { ExaminedStage } from '../aws/examined-stage.ts';
import { doctorLines } from '../doctor-lines.ts';
import { examineAreas, type Area } from '../doctor.ts';
import { awsAreas } from '../doctor/aws-areas.ts';
import type { Place } from '../doctor/finding.ts';
import { gitlabAreas } from '../doctor/gitlab-areas.ts';
import { print } from '../printed.ts';
import { clientOptions, project, withStage, type ExamineOptions } from './stage-options.ts';

interface DoctorOptions extends ExamineOptions {
  target?: string;
}

const named = (name: string | undefined, other: string): boolean => name === undefined || name === other;

const chosen = async ({ targets }: ExaminedStage, options: DoctorOptions): Promise<ProjectTargets[]> => {
  const of = options.project;
  const projects = of === undefined ? await targets.all() : [{ project: of, ...(await targets.ofProject(of)) }];
  return projects
    .map((one) => ({
      project: one.project,
      targets: one.targets.filter(({ name }) => named(options.target, name)),
      broken: one.broken.filter(({ name }) => named(options.target, name)),
    }))
    .filter((one) => options.target === undefined || one.targets.length + one.broken.length > 0);
};

/** On a terminal one line that is written over; elsewhere nothing: what is found is what counts. */
const showOn = ({ isTTY, write }: { isTTY?: boolean; write: (text: string) => unknown }) => ({
  area: (name: string) => isTTY === true && write(`\r\u001b[Kasking about ${name} …`),
  end: () => isTTY === true && write('\r\u001b[K'),
});

const areasOf = async (options: DoctorOptions): Promise<{ areas: Area[]; place: Place }> => {
  // Clients of so many AWS services take a while to load: only for who needs them.
  const [{ examinedStage }, { doctorAdapters }] = await Promise.all([
    import('../aws/examined-stage.ts'),
    import('../aws/doctor-adapters.ts'),
  ]);
  const aws = clientOptions(options);
  const examined = await examinedStage(aws, options.stage);
  const [ports, projects] = [doctorAdapters(aws, examined), await chosen(examined, options)];
  const place = { stage: options.stage, region: examined.bounds.region };
  return { areas: [...awsAreas(ports, projects, place), ...gitlabAreas(ports, projects, place)], place };
};

/** `drawbridge doctor` */
export const doctorCommand = (program: Command): void => {
  withStage(program.command('doctor'))
    .description('examine the stage, its targets and GitLab, and name what is wrong with what mends it; writes nothing')
    .option(...project)
    .option('--target <name>', 'only targets of this name')
    .addHelpText('after', '\nExample: drawbridge doctor --stage prod --project 4711')
    .action(async (options: DoctorOptions) => {
      const { areas, place } = await areasOf(options);
      const screen = showOn({ isTTY: process.stderr.isTTY, write: (text) => process.stderr.write(text) });
      const output = await examineAreas(areas, place, screen.area);
      screen.end();
      print(doctorLines(output), options.json === true);
    });
};
