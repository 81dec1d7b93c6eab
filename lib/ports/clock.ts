/** Real time now. Only signatures and the journal's records use it; deadlines are counted in waits. */
export type Clock = () => Date;

/** Lets real time pass. A workflow's task never does; a rotation must, for Secrets Manager owns no clock between its steps. */
export type Pause = (milliseconds: number) => Promise<void>;
