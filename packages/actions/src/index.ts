export { type Notice, toNotice } from './notice.ts';
export { type ActionDeps, type ActionStore, giveUpAction, runAction, toPlan } from './run-action.ts';
export { type SignedMessage, signWebhook } from './sign-webhook.ts';
