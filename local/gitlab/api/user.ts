import { avatarUrl, user } from '../payloads/people-and-projects.ts';
import type { Instance } from '../world.ts';

export const apiUser = (instance: Instance) => ({
  id: user.id,
  username: user.username,
  public_email: '',
  name: user.name,
  state: 'active',
  locked: false,
  avatar_url: avatarUrl,
  web_url: `${instance.url}/${user.username}`,
});
