/** What a command's exit code says; docs/cli.md has the same list. */
export const exitCodes = {
  /** it came about, and all is well */
  well: 0,
  /** it did not come about, or something is wrong that a person must see to */
  wrong: 1,
  /** the command line cannot be understood; nothing was done */
  usage: 2,
  /** AWS, GitLab or a file refused or did not answer: whether all is well is not known */
  unknown: 3,
  /** nothing was deployed, and that is right: superseded, outdated or held */
  passedOver: 4,
  /** Ctrl-C: what was begun goes on */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
