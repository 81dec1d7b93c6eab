import { fleetControl } from '../../local/fleet/control.ts';
import { callsByHand } from '../unit/fleet-wire/calls-by-hand.ts';
import { stubFleetPerTest } from '../unit/fleet-wire/stub-fleet.ts';

const stub = stubFleetPerTest();
const { call, ecs, elb } = callsByHand(() => stub.fleet.url);

describe('calls by hand', () => {
  test('an unknown operation, service or body is an error of its protocol', async () => {
    const unknown = await ecs('DescribeEverything', '{}');
    expect([unknown.status, unknown.headers.get('x-amzn-errortype')]).toEqual([400, 'UnknownOperationException']);
    expect(await unknown.json()).toEqual({
      __type: 'UnknownOperationException',
      message: 'Could not find operation DescribeEverything',
    });
    const inherited = await ecs('constructor', '{}');
    expect(await inherited.json()).toMatchObject({ __type: 'UnknownOperationException' });
    const notJson = await ecs('DescribeServices', '{');
    expect(await notJson.json()).toMatchObject({ __type: 'SerializationException' });
    const another = await call('{}', { 'x-amz-target': 'AmazonSSM.GetParameter' });
    expect(await another.json()).toMatchObject({ __type: 'UnknownOperationException' });
    const otherVersion = await elb('Action=DescribeRules&Version=2012-06-01');
    expect(await otherVersion.text()).toContain('<Code>InvalidAction</Code>');
    const none = await call('x', {});
    expect([none.status, await none.text()]).toEqual([404, expect.stringContaining('/_fleet')]);
  });

  test('what does not fit the model is refused and never reaches the world', async () => {
    const wrong = await ecs('UpdateService', JSON.stringify({ service: 'web', desiredCount: '2', forse: true }));
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toEqual({
      __type: 'InvalidParameterException',
      message:
        "2 validation errors detected: Value at 'desiredCount' failed to satisfy constraint: Member must be of type integer; " +
        "Unknown parameter 'forse'",
    });
    const rule = await elb('Action=ModifyRule&Version=2015-12-01&RuleArn=r&Actions.member.1.Type=forward&Sneaky.1=2');
    expect([rule.status, rule.headers.get('content-type')]).toEqual([400, 'text/xml']);
    expect(await rule.text()).toMatch(
      /^<ErrorResponse xmlns="http:\/\/elasticloadbalancing\.amazonaws\.com\/doc\/2015-12-01\/"><Error><Type>Sender<\/Type><Code>ValidationError<\/Code><Message>1 validation error detected: Unknown parameter 'Sneaky'<\/Message><\/Error><RequestId>[0-9a-f-]{36}<\/RequestId><\/ErrorResponse>$/,
    );
    expect(stub.world.updates).toBe(0);
    expect(stub.fleet.calls).toMatchObject([
      { caller: 'by-hand', operation: 'UpdateService', resources: [], outcome: 'error' },
      { caller: '', operation: 'ModifyRule', error: 'ValidationError' },
    ]);
  });

  test('a member that only newer SDKs know passes and is told once', async () => {
    const update = JSON.stringify({ service: 'web', gatewayConnectors: [] });
    expect((await ecs('UpdateService', update)).status).toBe(200);
    expect((await ecs('UpdateService', update)).status).toBe(200);
    expect(await fleetControl(stub.fleet.url).newer()).toEqual(['UpdateServiceRequest.gatewayConnectors']);
    expect(stub.fleet.defects).toEqual([]);
  });

  test('a client that hangs up in the middle of a request is no defect', async () => {
    const stop = new AbortController();
    const body = new ReadableStream({
      start: (stream) => {
        stream.enqueue(new TextEncoder().encode('{"service":'));
      },
    });
    const headers = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.UpdateService' };
    const sent = fetch(stub.fleet.url, { method: 'POST', body, headers, duplex: 'half', signal: stop.signal });
    await fetch(`${stub.fleet.url}/_fleet`);
    stop.abort();
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    expect((await ecs('UpdateService', '{"service":"web"}')).status).toBe(200);
    expect(stub.fleet.defects).toEqual([]);
  });
});
