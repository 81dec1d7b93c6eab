/** Of which stage and secret a token is. */
export interface TokenNaming {
  stage: string;
  /** the secret's name */
  secretName: string;
}

const prefix = ({ stage, secretName }: TokenNaming): string => `drawbridge/${stage}/${secretName}/`;

/** By its name a token is known as Drawbridge's, and for which version of the secret it was made. */
export const tokenName = (naming: TokenNaming, version: string): string => `${prefix(naming)}${version}`;

/** The version for which this stage made the token; undefined: it did not, and it is not ours to revoke. */
export const versionNamed = (naming: TokenNaming, name: string): string | undefined => {
  const start = prefix(naming);
  const version = name.slice(start.length);
  // A slash: it is another secret's, whose name begins with this one's.
  return name.startsWith(start) && version !== '' && !version.includes('/') ? version : undefined;
};
