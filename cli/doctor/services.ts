import { serviceLabel } from '../../lib/domain/deployment.ts';
import { refuseService } from '../../lib/domain/readiness.ts';
import { imagesOf, revisionName, type Revision } from '../../lib/domain/revision.ts';
import type { ServiceState } from '../../lib/domain/rollout.ts';
import type { ScalableTarget } from '../../lib/domain/scaling.ts';
import { targetLabel, type Target } from '../../lib/domain/target.ts';
import { ours, warning, when, wrong, type Finding, type Place } from './finding.ts';
import { portFindings, type BoundPort, type SeenGroup } from './ports.ts';

/** What is seen of the service that a target's traffic goes to now. */
export interface ServiceSight {
  target: Target;
  /** whether the cluster is there and ACTIVE */
  cluster: boolean;
  service: string;
  state: ServiceState | undefined;
  /** the revision that it is set to; undefined when there is no service */
  revision: Revision | undefined;
  /** ARNs of roles of the revision that IAM does not know */
  missingRoles: readonly string[];
  ports: readonly BoundPort[];
  groups: readonly SeenGroup[];
  scaling: ScalableTarget | undefined;
  /** whether a deployment of ours is under way on it: what rests then is meant to */
  deploying: boolean;
}

const ecs = (place: Place, what: string): string => `aws ecs ${what} --region ${place.region}`;

const at = ({ target, service }: ServiceSight): string => `--cluster ${target.cluster} --service ${service}`;

/** What mends what `refuseService` names. */
const remedyOf = (sight: ServiceSight, name: string, place: Place): string => {
  const update = (more: string): string => ecs(place, `update-service ${at(sight)} ${more}`);
  if (name === 'CannotRoll') return update("--deployment-configuration 'minimumHealthyPercent=100,maximumPercent=200'");
  if (name === 'NothingToRun') return update('--desired-count 1');
  if (name === 'ServiceMissing')
    return ecs(place, `describe-services --cluster ${sight.target.cluster} --services ${sight.service}`);
  return `make a service with the controller ECS and the strategy ROLLING, behind a target group or none: ${ecs(place, 'create-service')}`;
};

const containerFindings = ({ target, revision }: ServiceSight, place: Place): Finding[] => {
  if (revision === undefined) return [];
  const images = imagesOf(revision);
  const absent = target.containers.filter((name) => !Object.hasOwn(images, name));
  const { family, number } = revisionName(revision.arn);
  const what = `revision ${family}:${number} has no container ${absent.join(', ')}, which target ${targetLabel(target)} names; it has ${Object.keys(images).join(', ')}`;
  return when(
    absent.length > 0,
    wrong(what, `correct containers in its file, then: ${ours('targets apply <file>', place)}`),
  );
};

const scalingFindings = (sight: ServiceSight, place: Place): Finding[] => {
  const { scaling, deploying, target, service } = sight;
  if (scaling === undefined || deploying) return [];
  const { scaleIn, scaleOut, scheduled } = scaling.suspended;
  const resting = [
    ...(scaleIn ? ['scale-in'] : []),
    ...(scaleOut ? ['scale-out'] : []),
    ...(scheduled ? ['scheduled actions'] : []),
  ];
  const resource = `--service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/${target.cluster}/${service}`;
  const awake =
    "--suspended-state 'DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,ScheduledScalingSuspended=false'";
  return when(
    resting.length > 0,
    warning(
      `service ${service} is live, and its ${resting.join(', ')} rests`,
      `aws application-autoscaling register-scalable-target ${resource} ${awake} --region ${place.region}`,
    ),
  );
};

/** What is wrong with the service itself, its revision, its ports and its scaling. */
export const judgeService = (sight: ServiceSight, place: Place): Finding[] => {
  const { target, service, state, missingRoles } = sight;
  const label = serviceLabel({ cluster: target.cluster, service });
  if (!sight.cluster) {
    const list = ecs(place, 'list-clusters');
    return [
      wrong(
        `there is no active cluster ${target.cluster}, which target ${targetLabel(target)} names`,
        `${list}, then: ${ours('targets apply <file>', place)}`,
      ),
    ];
  }
  if (state === undefined) {
    const list = ecs(place, `list-services --cluster ${target.cluster}`);
    return [
      wrong(
        `there is no service ${label}, which target ${targetLabel(target)} names`,
        `${list}, then: ${ours('targets apply <file>', place)}`,
      ),
    ];
  }
  const refusal = refuseService(state);
  return [
    ...(refusal === undefined
      ? []
      : [wrong(`service ${label}: ${refusal.name}: ${refusal.because}`, remedyOf(sight, refusal.name, place))]),
    ...containerFindings(sight, place),
    ...missingRoles.map((role) =>
      wrong(
        `service ${label}: its revision names role ${role}, which is not there`,
        `make it: aws iam create-role --role-name ${role.slice(role.lastIndexOf('/') + 1)} --assume-role-policy-document file://ecs-tasks.json`,
      ),
    ),
    ...portFindings({ label, revision: sight.revision, ports: sight.ports, groups: sight.groups }, place),
    ...scalingFindings(sight, place),
  ];
};
