/** A CloudWatch alarm as it stands. */
export interface Alarm {
  name: string;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** seconds of measurements it judges by, period × evaluation periods; 0 for a composite alarm */
  judges: number;
}

export interface Alarms {
  /** Those of these alarms, metric or composite, that exist. May raise DeployFailure AwsUnavailable or AwsRefused. */
  named: (names: readonly string[]) => Promise<Alarm[]>;
}
