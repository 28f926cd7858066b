export { type FileLock, type LockAttempt, type LockHolder, type LockOptions, openFileLock } from './file-lock.ts';
export { type FlockCall, type FlockOutcome, flockByCommand, loadFlock } from './flock.ts';
export { type HeldDirectory, isOpenIn, openDirectory, type Place } from './place.ts';
