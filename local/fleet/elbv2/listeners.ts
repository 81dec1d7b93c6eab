import type {
  CreateListenerInput,
  DescribeListenersInput,
  Listener as ListenerShape,
  ModifyListenerInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import type { Listener } from './balancer.ts';
import { defaultRuleOf, newListener } from './balancer.ts';
import { checkLoadBalancer, findListener } from './find.ts';
import { shownActions } from './oidc-actions.ts';
import { checkedActions } from './rule-parts.ts';
import { rulesChanged, setActions } from './rules.ts';

export const describeListeners =
  (fleet: Fleet): Operation =>
  (input) => {
    const { LoadBalancerArn, ListenerArns, Marker, PageSize = 400 } = input as DescribeListenersInput;
    if (LoadBalancerArn !== undefined) checkLoadBalancer(fleet, LoadBalancerArn);
    if (LoadBalancerArn === undefined && ListenerArns === undefined) {
      throw new AwsError('ValidationError', 'You must specify either listener ARNs or a load balancer ARN');
    }
    const chosen = ListenerArns?.map((arn) => findListener(fleet, arn)) ?? [...fleet.balancer.listeners.values()];
    const page = pageOf(chosen, { nextToken: Marker, maxResults: PageSize, badTokenCode: 'ValidationError' });
    return { Listeners: page.items.map((listener) => described(fleet, listener)), NextMarker: page.nextToken };
  };

const described = ({ balancer }: Fleet, listener: Listener): ListenerShape => ({
  ListenerArn: listener.arn,
  LoadBalancerArn: balancer.arn,
  Port: listener.port,
  Protocol: 'HTTP',
  DefaultActions: shownActions(defaultRuleOf(listener).actions),
});

export const createListener =
  (fleet: Fleet): Operation =>
  (input) => {
    const listener = addListener(fleet, input as unknown as CreateListenerInput);
    return { Listeners: [described(fleet, listener)] };
  };

/** Every listener speaks HTTP here; each has a port of its own, and a door for users. */
export const addListener = (
  fleet: Fleet,
  { LoadBalancerArn = '', Port, Protocol = 'HTTP', DefaultActions = [] }: CreateListenerInput,
): Listener => {
  checkLoadBalancer(fleet, LoadBalancerArn);
  if (Port === undefined || Protocol !== 'HTTP') {
    throw new AwsError('ValidationError', 'A listener needs a port, and the protocol HTTP: no other is played here');
  }
  const { balancer } = fleet;
  if ([...balancer.listeners.values()].some(({ port }) => port === Port)) {
    throw new AwsError('DuplicateListener', 'A listener already exists on this port for this load balancer');
  }
  const listener = newListener(fleet, balancer, { port: Port, names: fleet.names });
  defaultRuleOf(listener).actions = checkedActions(fleet, DefaultActions);
  listener.url = fleet.doorOf(listener.arn, Port);
  balancer.listeners.set(listener.arn, listener);
  rulesChanged(fleet);
  return listener;
};

/** Changes the default action, the whole list of it. */
export const modifyListener =
  (fleet: Fleet): Operation =>
  (input) => {
    const { ListenerArn, DefaultActions, ...others } = input as unknown as ModifyListenerInput;
    const listener = findListener(fleet, ListenerArn);
    const [other] = Object.keys(others);
    if (other !== undefined) {
      throw new AwsError(
        'ValidationError',
        `A change of ${other} is not played here: only DefaultActions can be changed`,
      );
    }
    if (DefaultActions !== undefined) setActions(fleet, defaultRuleOf(listener), DefaultActions);
    return { Listeners: [described(fleet, listener)] };
  };
