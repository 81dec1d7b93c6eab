import { clientOptions, executionEnd, healthy, journalled, rehearsed, unhealthy, until } from '../support/deployed.ts';
import { tappedEvents, tapTarget } from '../support/event-tap.ts';

/** What people hear of deployments. The events themselves are judged by tests/record, those of all scenes. */

const tap = 'sentences';

beforeAll(() => tapTarget(clientOptions, 'drawbridge-local-deployments', tap));

/** The sentences about a target, as subscribers of the topic get them, once so many have come. */
const sentencesOf = async (name: string, count: number): Promise<string[]> => {
  const heard: string[] = [];
  return until(`${count} sentences about ${name}`, async () => {
    heard.push(...(await tappedEvents(clientOptions, tap)));
    const about = heard.map((text) => JSON.parse(text) as string).filter((text) => text.startsWith(`${name} `));
    return about.length < count ? undefined : about;
  });
};

rehearsed('people hear that a deployment begins, and that it is deployed', 'people-hear', async (scene) => {
  const { execution } = await scene.release(healthy);
  expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
  const place = `${scene.name} \\(.+/.+\\)`;
  const commit = `${(await journalled(execution))?.sha?.slice(0, 8) ?? ''} of main`;
  expect(await sentencesOf(scene.name, 2)).toEqual([
    expect.stringMatching(new RegExp(`^${place}: ${commit} begins$`)),
    expect.stringMatching(new RegExp(`^${place}: deployed ${commit}$`)),
  ]);
});

rehearsed('people hear why a deployment failed, and how the service was left', 'people-hear-why', async (scene) => {
  const { execution } = await scene.release(unhealthy);
  expect(await executionEnd(execution)).toMatchObject({ status: 'FAILED', error: 'RolloutFailed' });
  const [, end = ''] = await sentencesOf(scene.name, 2);
  expect(end).toMatch(/ FAILED: RolloutFailed: .+ \(rolled back by ECS\)$/);
  expect(end).not.toMatch(/arn:|\d{12}/);
});
