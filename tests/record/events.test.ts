import { clientOptions, deployed } from '../support/deployed.ts';
import { eventSchema, type EventOf } from '../support/event-schema.ts';
import { tappedEvents } from '../support/event-tap.ts';

/** What all scenes told EventBridge, held against the published form. */

interface Received {
  resources: string[];
}

let received: unknown[];
let events: EventOf[] = [];

beforeAll(async () => {
  received = (await tappedEvents(clientOptions, 'our-events')).map((text): unknown => JSON.parse(text));
});

test('every event has the published form', () => {
  expect(received.length).toBeGreaterThan(0);
  events = received.map((event) => eventSchema.parse(event));
});

test('each names the workflow as what it is about', () => {
  const resources = (received as Received[]).map((event) => event.resources);
  expect(new Set(resources.flat())).toEqual(new Set([deployed.stateMachineArn]));
});

test('no sentence names an account', () => {
  expect(events.map(({ detail }) => detail.text).filter((text) => /arn:|\b\d{12}\b/.test(text))).toEqual([]);
});

// Of some tests alone it cannot be asked; tests/run.ts then says so.
if (deployed.complete)
  test('each kind was told, and each step', () => {
    const told = events.map(({ 'detail-type': type, detail }) => ('step' in detail ? detail.step : type));
    expect([...new Set(told)].sort()).toEqual(
      [
        ...['Deployment failed', 'Deployment started', 'Deployment succeeded', 'Deployment superseded'],
        ...['image copied', 'revision registered', 'rollout started', 'traffic shifted', 'undo begun'],
      ].sort(),
    );
  });
