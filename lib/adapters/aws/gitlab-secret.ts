import * as z from 'zod/mini';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

// Lower case, as image names are compared letter by letter.
const hostGrammar = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?$/;
// A colon would end the user's name in `Authorization: Basic`. https://www.rfc-editor.org/rfc/rfc7617#section-2
const userNameGrammar = /^[^:\p{Cc}]+$/u;

/** The GitLab secret's keys by which GitLab is reached. `plainLoopback`: the rehearsal's GitLab speaks plain http. */
export const gitlabSecret = (plainLoopback: boolean) =>
  z
    .object({
      gitlab_url: z.string().check(
        z.refine((text) => {
          const url = URL.parse(text);
          return (
            url?.protocol === 'https:' || (plainLoopback && url?.protocol === 'http:' && loopback.has(url.hostname))
          );
        }),
      ),
      gitlab_token: z.string().check(z.minLength(1)),
      registry_host: z.optional(z.string().check(z.maxLength(260), z.regex(hostGrammar))),
      registry_username: z.optional(z.string().check(z.regex(userNameGrammar))),
      registry_password: z.optional(z.string().check(z.minLength(1))),
    })
    .check(
      z.refine((secret) => secret.registry_username === undefined || secret.registry_password !== undefined, {
        path: ['registry_password'],
      }),
      z.refine((secret) => secret.registry_password === undefined || secret.registry_username !== undefined, {
        path: ['registry_username'],
      }),
    );

/** gitlab_url, without the trailing slash that people write. */
export const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
