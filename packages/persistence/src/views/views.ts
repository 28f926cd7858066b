import type {
  DryRun,
  DryRunQuery,
  FindingQuery,
  FindingRow,
  ImageQuery,
  ImageRow,
  JobQuery,
  JobRow,
  Page,
  SeriesQuery,
  SeriesRow,
  StudyQuery,
  StudyRow,
  ThroughputQuery,
  ThroughputRow,
  Totals,
  WorkView,
} from '@sendit/api';
import type { Connection } from '../engine/connection.ts';
import { dryRunQuiet } from './dry-run.ts';
import { listFindings, listImages, listSeries, listStudies } from './list-content.ts';
import { listJobs } from './list-work.ts';
import { type BatchStageCounts, countStages, readThroughput } from './overview.ts';
import { readTotals } from './totals.ts';
import { readWork } from './work.ts';

/** Lists and figures for people and programs, beside those of batches, actions and decisions. */
export interface Views {
  /** `midnight`: what has ended since is of today. */
  countStages(midnight: Date): Promise<BatchStageCounts>;
  totals(): Promise<Totals>;
  work(): Promise<WorkView>;
  dryRun(query: DryRunQuery): Promise<DryRun>;
  studies(query: StudyQuery): Promise<Page<StudyRow>>;
  series(query: SeriesQuery): Promise<Page<SeriesRow>>;
  images(query: ImageQuery): Promise<Page<ImageRow>>;
  findings(query: FindingQuery): Promise<Page<FindingRow>>;
  jobs(query: JobQuery): Promise<Page<JobRow>>;
  throughput(query: ThroughputQuery): Promise<Page<ThroughputRow>>;
}

/** The views of a database. */
export function toViews(connection: Connection): Views {
  return {
    countStages: (midnight) => connection.run((db) => countStages(db, midnight)),
    totals: () => connection.run(readTotals),
    work: () => connection.run(readWork),
    dryRun: (query) => dryRunQuiet(connection, query, new Date()),
    studies: (query) => connection.run((db) => listStudies(db, query)),
    series: (query) => connection.run((db) => listSeries(db, query)),
    images: (query) => connection.run((db) => listImages(db, query)),
    findings: (query) => connection.run((db) => listFindings(db, query)),
    jobs: (query) => connection.run((db) => listJobs(db, query)),
    throughput: (query) => connection.run((db) => readThroughput(db, query, new Date())),
  };
}
