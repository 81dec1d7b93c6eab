import { virtualClock } from '../../../local/clock.ts';
import { createWorld } from '../../../local/fleet/world/world.ts';
import { ACCOUNT, HOST, rehearsed } from './rehearsed-world.ts';

describe('the world', () => {
  const course = (seed: number): unknown => {
    const it = rehearsed({}, seed);
    it.deploy('2');
    const seconds = it.until('completed', it.stable);
    return [seconds, it.view()];
  };

  test('goes the same way for the same seed, and another way for another', () => {
    expect(course(7)).toEqual(course(7));
    expect(course(7)).not.toEqual(course(8));
  });

  test('goes the same way however often it is read', () => {
    const it = rehearsed({}, 7);
    it.deploy('2');
    const seconds = it.until('completed', it.stable, () => {
      it.deployments();
      it.tasks('STOPPED');
      it.call('ecr', 'GetAuthorizationToken');
      it.world.dataPlane.route('/web');
    });
    expect([seconds, it.view()]).toEqual(course(7));
  });

  test('is quiet when nothing happens', () => {
    const it = rehearsed();
    it.clock.advance(5000);
    const before = it.view();
    it.clock.advance(24 * 3_600_000);
    expect(it.view()).toEqual(before);
  });

  test('is in the partition of its region', () => {
    const clock = virtualClock();
    const world = createWorld({ clock, region: 'us-gov-west-1', account: ACCOUNT, seed: 1 });
    const image = `${ACCOUNT}.dkr.ecr.us-gov-west-1.amazonaws.com/web:1`;
    const containers = [{ name: 'app', image }];
    const seeded = world.putService({ cluster: 'c', service: 'web', family: 'web', desiredCount: 1, containers });
    expect(seeded.serviceArn).toBe(`arn:aws-us-gov:ecs:us-gov-west-1:${ACCOUNT}:service/c/web`);
    expect(seeded.targetGroupArn).toMatch(/^arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:/);
  });

  test('refuses seeds that cannot be: a foreign image, a service twice, a path twice', () => {
    const it = rehearsed();
    const seed = { cluster: 'shop', service: 'two', family: 'two', desiredCount: 1 };
    const containers = [{ name: 'app', image: `${HOST}/web:1` }];
    const put = (more: object) => () => it.world.putService({ ...seed, containers, ...more });
    expect(put({ containers: [{ name: 'app', image: 'nginx:1' }] })).toThrow('not of this world');
    expect(put({ service: 'web' })).toThrow('is there already');
    expect(put({ path: '/web' })).toThrow('goes to another service');
  });

  test('makes an image that only a service names, and it becomes healthy', () => {
    const it = rehearsed();
    const containers = [{ name: 'app', image: `${HOST}/new:7` }];
    it.world.putService({ cluster: 'shop', service: 'new', family: 'new', desiredCount: 1, containers });
    expect(it.call('ecr', 'ListImages', { repositoryName: 'new' })['imageIds']).toMatchObject([{ imageTag: '7' }]);
  });
});
