/** This account's ECR. */
export interface Images {
  /** The digest that the tag names now, or undefined when there is no such image. Raises AwsUnavailable, AwsRefused. */
  digestOf: (repository: string, tag: string) => Promise<string | undefined>;
}
