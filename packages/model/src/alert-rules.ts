import type { FindingSeverity } from './finding.ts';
import type { HealthCode } from './health.ts';

/** Fields of every channel. */
interface Common {
  /** Unique. */
  readonly name: string;
  /** Only these problems; empty: all. */
  readonly codes: readonly HealthCode[];
  /** Only problems at least as bad. */
  readonly least: FindingSeverity;
  /** Whether it is told when a problem is over. */
  readonly resolved: boolean;
  readonly timeoutMs: number;
}

/** Sends a signed POST. */
export interface WebhookChannel extends Common {
  readonly kind: 'webhook';
  readonly url: string;
  readonly secret: string;
}

/** Sends an e-mail. */
export interface EmailChannel extends Common {
  readonly kind: 'email';
  /** `smtp://host:port`, or `smtps://` for one that is encrypted from the start. */
  readonly server: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
}

/** Runs a command, without a shell. */
export interface ExecChannel extends Common {
  readonly kind: 'exec';
  readonly command: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Where alerts go. */
export type AlertChannel = WebhookChannel | EmailChannel | ExecChannel;

/** Kinds of channels. */
export const CHANNEL_KINDS = ['webhook', 'email', 'exec'] as const satisfies readonly AlertChannel['kind'][];

/** When the channels are told. */
export interface AlertRules {
  /** What the notices call the installation. */
  readonly installation: string;
  /** How long a problem must have stood, or been away. */
  readonly afterMs: number;
  /** How often what still stands is told again. */
  readonly againMs: number | false;
  readonly channels: readonly AlertChannel[];
}

/** A channel that takes no notices. */
export interface FailingChannel {
  readonly name: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly since: string;
}
