"""Somebody else's deployer: knows AWS and nothing of us. Finds its world by AWS's own environment variables.

Usage: foreign_client.py CLUSTER SERVICE; prints what it saw as JSON, and fails as botocore fails.
"""

import json
import sys

from botocore.session import Session

# What DescribeTaskDefinition tells and RegisterTaskDefinition does not take.
READ_ONLY = {
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
}

cluster, name = sys.argv[1:3]
session = Session()
ecs = session.create_client("ecs")
elb = session.create_client("elbv2")


def described():
    return ecs.describe_services(cluster=cluster, services=[name])["services"][0]


before = described()
live = ecs.describe_task_definition(taskDefinition=before["taskDefinition"])["taskDefinition"]
copy = {key: value for key, value in live.items() if key not in READ_ONLY}
registered = ecs.register_task_definition(**copy)["taskDefinition"]["taskDefinitionArn"]
ecs.update_service(cluster=cluster, service=name, taskDefinition=registered)
ecs.get_waiter("services_stable").wait(
    cluster=cluster, services=[name], WaiterConfig={"Delay": 1, "MaxAttempts": 60}
)

after = described()
group = after["loadBalancers"][0]["targetGroupArn"]
health = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
print(
    json.dumps(
        {
            "before": before["taskDefinition"],
            "registered": registered,
            "after": after["taskDefinition"],
            "running": after["runningCount"],
            "rollouts": [[each["taskDefinition"], each["rolloutState"]] for each in after["deployments"]],
            "health": sorted(target["TargetHealth"]["State"] for target in health),
        }
    )
)
