/** A text that somebody may read, and where it stands. */
export interface Written {
  where: string;
  text: string;
}

const inBase64 = (secret: string): string[] =>
  // Wherever it begins in what is encoded, these characters of it come out the same.
  [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${' '.repeat(before)}${secret}`)
      .toString('base64')
      .replace(/=+$/, '');
    return encoded.slice(before === 0 ? 0 : before + 1, -1);
  });

/** Where which of the secrets is found, as it is, in base64 or in a URL: `<its name> in <where>`. */
export const leaks = (written: readonly Written[], secrets: Readonly<Record<string, string>>): string[] => {
  const forms = Object.entries(secrets).map(([name, secret]) => ({
    name,
    forms: [secret, encodeURIComponent(secret), ...inBase64(secret)],
  }));
  return written.flatMap(({ where, text }) =>
    forms.filter((secret) => secret.forms.some((form) => text.includes(form))).map(({ name }) => `${name} in ${where}`),
  );
};
