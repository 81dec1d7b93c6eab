/** Real time now. Only signatures and the journal's records use it; deadlines are counted in waits. */
export type Clock = () => Date;
