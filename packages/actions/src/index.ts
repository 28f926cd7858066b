export { type ActionContext, type ActionFunction, defineAction } from './define-action.ts';
export type { Notice } from './notice.ts';
export { type ActionDeps, giveUpAction, runAction, toPlan } from './run-action.ts';
export { signWebhook } from './sign-webhook.ts';
