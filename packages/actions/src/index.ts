export { defineAction } from './define-action.ts';
export { type ActionDeps, giveUpAction, runAction, toPlan } from './run-action.ts';
export { signWebhook } from './sign-webhook.ts';
