import type { ScalableTarget } from '../../lib/domain/scaling.ts';
import { targetLabel, type Target } from '../../lib/domain/target.ts';
import { ours, warning, when, wrong, type Finding, type Place } from './finding.ts';

/** What is seen of a target's two colours and what surrounds them. */
export interface SwapSight {
  target: Target;
  /** what Look would refuse the swap with */
  refused?: { name: string; because: string };
  /** the colour without users, where there is one */
  idle?: { service: string; desired: number; scaling?: ScalableTarget };
  /** whether a deployment of ours is under way on it */
  deploying: boolean;
}

/** How each refusal is mended. */
const remedies: Readonly<Record<string, (target: Target, place: Place) => string>> = {
  AmbiguousTraffic: (_target, { region }) =>
    `give one of the two target groups all weight, and nothing else a way to them: aws elbv2 modify-rule --region ${region} (docs/runbook.md, AmbiguousTraffic)`,
  ColoursMismatch: (_target, { region }) =>
    `make the second target group like the first, of type ip: aws elbv2 create-target-group --region ${region}`,
  CannotCopy: (_target, { region }) => `make the second service yourself: aws ecs create-service --region ${region}`,
  ScalingMissing: (_target, { region }) =>
    `give the second service the scaling of the first: aws application-autoscaling put-scaling-policy --region ${region}`,
  AlarmNotReady: (_target, { region }) =>
    `aws cloudwatch describe-alarms --region ${region}; make or quiet it, or take it out of strategy.alarms`,
};

const idleFindings = ({ target, idle, deploying }: SwapSight, { region }: Place): Finding[] => {
  if (idle === undefined || deploying) return [];
  const { service, desired, scaling } = idle;
  const resource = `--service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/${target.cluster}/${service}`;
  return [
    ...when(
      desired > 0,
      warning(
        `service ${service} has no users, and yet ${desired} tasks`,
        `aws ecs update-service --cluster ${target.cluster} --service ${service} --desired-count 0 --region ${region}`,
      ),
    ),
    ...when(
      scaling !== undefined && scaling.min > 0,
      warning(
        `service ${service} has no users, and yet its scaling keeps at least ${scaling?.min ?? 0} tasks`,
        `aws application-autoscaling register-scalable-target ${resource} --min-capacity 0 --region ${region}`,
      ),
    ),
  ];
};

/** What is wrong with the two colours of a target. */
export const judgeSwap = (sight: SwapSight, place: Place): Finding[] => {
  const { target, refused } = sight;
  const remedy = refused && remedies[refused.name]?.(target, place);
  return [
    ...(refused === undefined
      ? []
      : [
          wrong(
            `target ${targetLabel(target)}: ${refused.name}: ${refused.because}`,
            remedy ??
              `see docs/runbook.md, ${refused.name}; then: ${ours(`doctor --project ${target.project}`, place)}`,
          ),
        ]),
    ...idleFindings(sight, place),
  ];
};
