/** Has Secrets Manager begin a rotation of the secret, now. Raises AwsUnavailable, AwsRefused. */
export type RotationStart = (secret: string) => Promise<void>;
