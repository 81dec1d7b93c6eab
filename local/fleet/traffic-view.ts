/** Answers to users since the world began. */
export interface ServiceTraffic {
  requests: number;
  /** those of them that were answered with a status of 400 or above */
  failures: number;
}
