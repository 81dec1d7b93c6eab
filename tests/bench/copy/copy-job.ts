/** What a process of the copy benchmark does: it is given as JSON, its only argument. */
export type CopyJob =
  /** the engine, from registry to registry over /v2 */
  | { kind: 'to registry'; from: string; to: string; repository: string; digest: string; tag: string }
  /** the engine, from a registry to ECR's API */
  | { kind: 'to ECR'; from: string; to: string; repository: string; digest: string; tag: string }
  /** no engine: so many parts from memory to ECR's API, by the SDK, six at once */
  | { kind: 'bare parts'; to: string; parts: number; partSize: number };

/** What it prints: bytes it moved, requests by method, the time inside of it, and the most memory it had. */
export interface CopyDone {
  moved: number;
  requests: Record<string, number>;
  ms: number;
  /** bytes */
  peakRss: number;
}
