/** This account's ECR. Both raise AwsUnavailable, AwsRefused. */
export interface Images {
  /** The digest that the tag names now, or undefined when there is no such image. */
  digestOf: (repository: string, tag: string) => Promise<string | undefined>;
  /** Whether the image of this digest is there, under whatever tag or none. */
  has: (repository: string, digest: string) => Promise<boolean>;
}
