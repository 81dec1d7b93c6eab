/** GitLab's hook log keeps no addresses: every text that is an e-mail address as a whole is replaced. */
const address = /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*$/;

/** A copy of the payload as the hook log has it. This copy is what a resend sends, so its bytes are not the first ones. */
export const withoutAddresses = (value: unknown): unknown => {
  if (typeof value === 'string') return address.test(value) ? '[REDACTED]' : value;
  if (Array.isArray(value)) return value.map(withoutAddresses);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutAddresses(item)]));
};
