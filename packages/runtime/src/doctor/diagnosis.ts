/** How well something stands: `info` may be as intended, a `warning` costs something, with an `error` it does not work. */
export type DiagnosisState = 'ok' | 'info' | 'warning' | 'error';

/** One thing that was looked at. */
export interface Diagnosis {
  /** Subject of the check: `inotify-watches`, `database`. */
  readonly check: string;
  readonly state: DiagnosisState;
  /** A watch path, a folder, a server; null for the machine itself. */
  readonly subject: string | null;
  readonly found: string;
  /** Remedy, or null. */
  readonly fix: string | null;
}

/** Diagnoses of one check. */
export interface Diagnoses {
  readonly ok: (found: string, subject?: string) => Diagnosis;
  readonly not: (state: Exclude<DiagnosisState, 'ok'>, found: string, fix: string, subject?: string) => Diagnosis;
}

/** Makes diagnoses of one check. */
export function diagnose(check: string): Diagnoses {
  return {
    ok: (found, subject) => ({ check, state: 'ok', subject: subject ?? null, found, fix: null }),
    not: (state, found, fix, subject) => ({ check, state, subject: subject ?? null, found, fix }),
  };
}
