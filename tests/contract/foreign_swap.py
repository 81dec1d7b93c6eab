"""Somebody else's swap of two colours: knows AWS and nothing of us. Finds its world by AWS's own environment variables.

Usage: foreign_swap.py CLUSTER LIVE IDLE; prints what it saw as JSON, and fails as botocore fails.
"""

import json
import sys

from botocore.session import Session

cluster, live, idle = sys.argv[1:4]
session = Session()
ecs = session.create_client("ecs")
elb = session.create_client("elbv2")
scaling = session.create_client("application-autoscaling")

DIMENSION = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}


def group_of(name):
    service = ecs.describe_services(cluster=cluster, services=[name])["services"][0]
    return service["loadBalancers"][0]["targetGroupArn"]


def resource(name):
    return f"service/{cluster}/{name}"


def targets():
    found = scaling.describe_scalable_targets(
        ServiceNamespace="ecs", ResourceIds=[resource(live), resource(idle)]
    )["ScalableTargets"]
    return {
        each["ResourceId"]: [
            each["MinCapacity"],
            each["MaxCapacity"],
            each["SuspendedState"]["DynamicScalingInSuspended"],
        ]
        for each in found
    }


def weights(actions):
    forward = next(each for each in actions if each["Type"] == "forward")
    return [each["Weight"] for each in forward["ForwardConfig"]["TargetGroups"]]


blue, green = group_of(live), group_of(idle)
described = elb.describe_target_groups(TargetGroupArns=[blue, green])["TargetGroups"]
balancer = described[0]["LoadBalancerArns"][0]
listeners = elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
paginator = elb.get_paginator("describe_rules")
rules = [
    rule
    for listener in listeners
    for page in paginator.paginate(ListenerArn=listener["ListenerArn"], PaginationConfig={"PageSize": 1})
    for rule in page["Rules"]
]
shared = next(rule for rule in rules if green in json.dumps(rule["Actions"]))

before = targets()
scaling.register_scalable_target(
    ResourceId=resource(idle),
    MinCapacity=2,
    MaxCapacity=4,
    SuspendedState={"DynamicScalingInSuspended": True},
    **DIMENSION,
)
elb.get_waiter("target_in_service").wait(
    TargetGroupArn=green,
    Targets=[
        {"Id": target["Target"]["Id"], "Port": target["Target"]["Port"]}
        for target in elb.describe_target_health(TargetGroupArn=green)["TargetHealthDescriptions"]
    ],
    WaiterConfig={"Delay": 1, "MaxAttempts": 60},
)
forward = {"TargetGroups": [{"TargetGroupArn": blue, "Weight": 0}, {"TargetGroupArn": green, "Weight": 100}]}
shifted = elb.modify_rule(RuleArn=shared["RuleArn"], Actions=[{"Type": "forward", "ForwardConfig": forward}])
read_back = elb.describe_rules(RuleArns=[shared["RuleArn"]])["Rules"]
fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "410"}}
closed = elb.modify_listener(ListenerArn=listeners[0]["ListenerArn"], DefaultActions=[fixed])
policies = scaling.describe_scaling_policies(ServiceNamespace="ecs", ResourceId=resource(live))

print(
    json.dumps(
        {
            "ports": [listener["Port"] for listener in listeners],
            "rules": [rule["Priority"] for rule in rules],
            "weights": [weights(shared["Actions"]), weights(shifted["Rules"][0]["Actions"])],
            "readBack": read_back == shifted["Rules"],
            "closed": closed["Listeners"][0]["DefaultActions"][0]["FixedResponseConfig"]["StatusCode"],
            "targets": [before, targets()],
            "policies": [each["PolicyName"] for each in policies["ScalingPolicies"]],
        }
    )
)
