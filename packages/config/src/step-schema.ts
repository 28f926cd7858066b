import { z } from 'zod';
import { DAY_MS, expecting, text, wholeNumber } from './field-types.ts';

const NAME = 'a name of 1 to 64 letters, digits, ".", "_" and "-"';
const RUN = 'the function of a step';

const run = z.custom<(...given: never[]) => unknown>((value) => typeof value === 'function', { error: RUN });

/** One step of the worker, in full. */
export const stepObject = z
  .strictObject({
    module: text('a module of your own and its export, such as "./steps.ts#thumbnails"')
      .optional()
      .describe(
        'Module and export: what `defineStep` gives, or a function (docs/extending.md). Relative to the configuration file.',
      ),
    run: expecting(run, RUN)
      .optional()
      .describe('In place of `module`, in TypeScript and JavaScript: the function itself.'),
    name: expecting(z.string({ error: NAME }).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, { error: NAME }), NAME)
      .optional()
      .describe('Identity of the step; by default the name in `defineStep`, else that of the export.'),
    timeoutMs: wholeNumber(1, DAY_MS, ' of milliseconds')
      .optional()
      .describe(
        'Longest run; then its signal is aborted and the attempt has failed. By default what `defineStep` says, else 600,000.',
      ),
    attempts: wholeNumber(1, 1000, ' of attempts')
      .optional()
      .describe('How often it is tried before it has failed. By default what `defineStep` says, else 10.'),
    backoffMs: wholeNumber(0, DAY_MS, ' of milliseconds')
      .optional()
      .describe(
        'Wait before the second attempt; doubled for every further one, up to an hour. By default what `defineStep` says, else 1,000.',
      ),
  })
  .superRefine(({ module, run: own }, context) => {
    if ((module === undefined) === (own === undefined)) {
      context.addIssue({ code: 'custom', message: 'an object with either module or run' });
    }
  });

const EXPECTED = 'a list of steps: modules such as "./steps.ts#thumbnails", objects, or what `defineStep` gives';
const ONE = 'a module such as "./steps.ts#thumbnails", an object with module, or what `defineStep` gives';

/** The steps of the worker. */
export const steps = expecting(
  z
    .array(z.union([text(ONE), stepObject], { error: ONE }), { error: EXPECTED })
    .max(50, { error: 'at most 50 steps' })
    .readonly(),
  EXPECTED,
);

/** The steps as the file gives them. */
export type ParsedSteps = z.output<typeof steps>;
