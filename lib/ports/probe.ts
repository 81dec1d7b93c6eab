/** What a URL answered: the start of its body, or that there was no answer. */
export type ProbeAnswer = { status: number; text: string } | { unanswered: string };

/** Asks a URL once, follows no redirect. Never raises: no answer is an answer. */
export type Probe = (url: string) => Promise<ProbeAnswer>;
