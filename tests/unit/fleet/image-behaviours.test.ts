import type { ImageBehaviour } from '../../../local/fleet/seeds.ts';
import { rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const TURNS: ImageBehaviour = { does: 'become healthy, then turn unhealthy', after: 3, unhealthyAfter: 120 };
const CRASHES: ImageBehaviour = { does: 'become healthy, then crash under traffic', after: 3, requests: 10, code: 9 };

const FAILS: ImageBehaviour = {
  does: 'become healthy, then answer badly under traffic',
  ...{ after: 3, requests: 10, status: 500 },
};

/** One task of this image, rolled out and known to every node. */
const running = (behaviour: ImageBehaviour): Rehearsed => {
  const it = rehearsed({ desiredCount: 1, minimumHealthyPercent: 0 });
  it.deploy('2', behaviour);
  it.until('completed', it.stable);
  it.clock.advance(10_000);
  return it;
};

const statusOf = (it: Rehearsed): number => {
  let seen = 0;
  it.world.dataPlane.request('/web', ({ status }) => {
    seen = status;
  });
  it.clock.advance(300);
  return seen;
};

const healths = (it: Rehearsed): string[] => it.view().tasks.map(({ health }) => health);

describe('an image that turns unhealthy', () => {
  test('answers well at first, then badly, fails its health checks and is replaced', () => {
    const it = running(TURNS);
    expect(statusOf(it)).toBe(200);
    const turned = it.until('bad answers', () => statusOf(it) === 502);
    expect(turned).toBeGreaterThan(60);
    expect(healths(it)).toContain('healthy');
    it.until('failed health checks', () => healths(it).includes('unhealthy'));
    it.until('replaced', () =>
      it.tasks('STOPPED').some(({ stoppedReason = '' }) => stoppedReason.includes('ELB health')),
    );
    it.until('its successor is healthy', () => healths(it).includes('healthy'));
  });

  test('fails the container’s own health check, too', () => {
    const it = rehearsed({ loadBalancer: 'none', desiredCount: 1 });
    it.world.putImage({ repository: 'web', tag: '2', behaviour: TURNS });
    const healthCheck = { command: ['CMD', 'true'], interval: 10, retries: 2 };
    const image = it.view().rollouts[0]?.images[0]?.replace(/:1$/, ':2') ?? '';
    const taskDefinition = it.register(image, { containerDefinitions: [{ name: 'app', image, healthCheck }] });
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition });
    it.until('completed', it.stable);
    const started = it.tasks()[0]?.startedAt?.getTime() ?? 0;
    it.until('stopped', () =>
      it.tasks('STOPPED').some(({ stoppedReason = '' }) => stoppedReason.includes('container health')),
    );
    expect((it.clock.now() - started) / 1000).toBeGreaterThanOrEqual(143);
  });
});

describe('an image that crashes under traffic', () => {
  test('lives as long as few ask it, and ends with its code at the request too many', () => {
    const it = running(CRASHES);
    it.clock.advance(600_000);
    for (let count = 1; count < 10; count += 1) expect(statusOf(it)).toBe(200);
    expect(statusOf(it)).toBe(502);
    const [stopped] = it.tasks('STOPPED').slice(-1);
    expect(stopped).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 9 }] });
    it.until('its successor is healthy', () => healths(it).includes('healthy'));
    it.clock.advance(10_000);
    expect(statusOf(it)).toBe(200);
  });
});

describe('an image that answers badly under traffic', () => {
  test('answers well so often, then badly for ever, and its health checks do not know', () => {
    const it = running(FAILS);
    for (let count = 0; count < 10; count += 1) expect(statusOf(it)).toBe(200);
    expect(statusOf(it)).toBe(500);
    it.clock.advance(600_000);
    expect(statusOf(it)).toBe(500);
    expect(healths(it)).toContain('healthy');
    expect(it.tasks()).toHaveLength(1);
    expect(it.tasks()[0]?.createdAt?.getTime()).toBeLessThan(it.clock.now() - 600_000);
    expect(it.world.traffic()).toEqual({ web: { requests: 12, failures: 2 } });
  });
});
