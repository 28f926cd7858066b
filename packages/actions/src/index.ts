export { defineAction } from './define-action.ts';
export {
  defineStep,
  type Step,
  type StepBatch,
  type StepContext,
  type StepFunction,
  type StepOptions,
} from './define-step.ts';
export { type ActionDeps, giveUpAction, runAction, toPlan } from './run-action.ts';
export { signWebhook } from './sign-webhook.ts';
