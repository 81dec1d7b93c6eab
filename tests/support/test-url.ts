import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from '../../local/fleet/world/world.ts';
import type { ServiceSeeded } from '../../local/fleet/seeds.ts';

const testPath = '/test';

/** A listener rule that leads the test path to the two groups: all to the first. */
export const putTestRule = (world: World, { listenerArn }: ServiceSeeded, groups: readonly string[]): string => {
  const TargetGroups = groups.map((TargetGroupArn, index) => ({ TargetGroupArn, Weight: index === 0 ? 100 : 0 }));
  const { Rules } = world.operations.elbv2['CreateRule']?.({
    ListenerArn: listenerArn,
    Priority: 900,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [testPath] } }],
    Actions: [{ Type: 'forward', Order: 1, ForwardConfig: { TargetGroups } }],
  }) as { Rules: { RuleArn: string }[] };
  return Rules[0]?.RuleArn ?? '';
};

export interface TestUrl {
  url: string;
  /** what it answers from now on, instead of the truth */
  answers: (answer: { status: number; text: string }) => void;
  close: () => Promise<void>;
}

/** What the test URL says of a target group without users. */
export const idleAnswers = 'no user comes here';

const hasUsers = ({ operations }: World, RuleArn: string, group: string): boolean => {
  const { Rules } = operations.elbv2['DescribeRules']?.({ RuleArns: [RuleArn] }) as {
    Rules: { Actions: { ForwardConfig: { TargetGroups: { TargetGroupArn: string; Weight: number }[] } }[] }[];
  };
  const weighed = Rules[0]?.Actions[0]?.ForwardConfig.TargetGroups ?? [];
  return weighed.some(({ TargetGroupArn, Weight }) => TargetGroupArn === group && Weight > 0);
};

/** A test URL that answers at once, whatever the world's clock says: 200, and whether the group it leads to has users. */
export const startTestUrl = async (world: World, { ruleArn }: ServiceSeeded): Promise<TestUrl> => {
  let fixed: { status: number; text: string } | undefined;
  const truth = () => {
    const route = world.dataPlane.route(testPath);
    if (route.kind !== 'target') return { status: route.status, text: route.body };
    return { status: 200, text: hasUsers(world, ruleArn, route.groupArn) ? 'users come here' : idleAnswers };
  };
  const server = createServer((_request, response) => {
    const { status, text } = fixed ?? truth();
    response.writeHead(status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${testPath}`,
    answers: (answer) => {
      fixed = answer;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};
