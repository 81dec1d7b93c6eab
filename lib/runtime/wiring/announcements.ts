import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eventBridgeAnnouncements } from '../../adapters/aws/event-bridge-announcements.ts';
import type { Announcements } from '../../ports/announcements.ts';
import { clientOptions } from './client-options.ts';

export const announcements = (): Announcements => eventBridgeAnnouncements(new EventBridgeClient(clientOptions()));
