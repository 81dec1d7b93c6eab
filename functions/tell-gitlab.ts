import { tellGitlab } from '../lib/app/tell-gitlab.ts';
import { feedbackSettle, setting } from '../lib/runtime/config.ts';
import { feedbackMessage } from '../lib/runtime/feedback-message.ts';
import { clock } from '../lib/runtime/wiring/clock.ts';
import { feedbackJournal } from '../lib/runtime/wiring/feedback-journal.ts';
import { gitlabDeployments } from '../lib/runtime/wiring/gitlab-deployments.ts';
import { journal } from '../lib/runtime/wiring/journal.ts';
import { registryAskedOnce } from '../lib/runtime/wiring/registry.ts';

const outside = { gitlab: gitlabDeployments(), registry: registryAskedOnce() };
const own = { journal: journal(), feedback: feedbackJournal(), settle: feedbackSettle() };

/** SQS: a deployment began or ended. GitLab is told what the journal says of it now. */
export const handler = feedbackMessage(tellGitlab({ ...outside, ...own, clock, runbookUrl: setting('RUNBOOK_URL') }));
