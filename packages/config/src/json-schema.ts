import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The JSON schema (draft 2020-12) of a configuration file in JSON or YAML, for editors. */
export function toJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    // `readonly` is a promise of ours, not a wish to the writer of the file.
    // A function cannot stand in JSON or YAML.
    unrepresentable: 'any',
    override: ({ jsonSchema, zodSchema }) => {
      delete jsonSchema.readOnly;
      if (zodSchema instanceof z.ZodCustom) jsonSchema.not = {};
    },
  });
  return { ...schema, title: 'Configuration of sendit' };
}
