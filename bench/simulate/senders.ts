import type { Behaviour, Delivery } from './delivery.ts';
import type { Random } from './random.ts';
import { type VirtualFile, VirtualFolder } from './virtual-folder.ts';

const NAME = 'study';

interface Pace {
  /** Between two files, ms. */
  readonly gap: () => number;
  /** Duration of one file, ms. */
  readonly duration: (file: VirtualFile) => number;
  readonly isPreallocated?: boolean;
  readonly isPart?: boolean;
  /** Sets the file's times back after writing it, as `cp -p` does. */
  readonly keepsTimes?: boolean;
}

/** Writes one delivery of the given behaviour; pauses are shorter than `quietMs`, save in `stalled`. */
export function deliver(behaviour: Behaviour, random: Random, quietMs: number): Delivery {
  const sender = new Sender(random, quietMs);
  return sender.deliver(behaviour);
}

class Sender {
  readonly #random: Random;
  readonly #quietMs: number;
  readonly #folder: VirtualFolder;
  readonly #files: readonly VirtualFile[];

  constructor(random: Random, quietMs: number) {
    this.#random = random;
    this.#quietMs = quietMs;
    this.#folder = new VirtualFolder(random.chance(0.5));
    const series = random.whole(1, 4);
    this.#files = Array.from({ length: series }, (_, index) => this.#makeSeries(index)).flat();
  }

  deliver(behaviour: Behaviour): Delivery {
    const folder = this.#folder;
    const random = this.#random;
    const isRenamed =
      behaviour === 'renamed' || behaviour === 'rename-first' || (behaviour === 'aborted' && random.chance(0.35));
    folder.name(0, isRenamed ? `${NAME}.tmp${random.whole(1, 9999)}` : NAME);
    if (behaviour === 'rename-first') folder.name(random.between(1, 20), NAME);
    const lastByteAt = this.#send(behaviour);
    let endedAt = lastByteAt;
    if (behaviour === 'renamed') {
      endedAt += random.between(0.2, 20);
      folder.name(endedAt, NAME);
    }
    if (behaviour === 'marker' || (behaviour === 'manifest' && this.#folder.announced.manifest === undefined)) {
      endedAt = this.#leave(behaviour, endedAt + random.between(0.2, 30));
    }
    const hasLateFiles = behaviour === 'resend-later';
    if (hasLateFiles) {
      const [file] = this.#files;
      if (file !== undefined) this.#sendFile(endedAt + random.between(600_000, 2_400_000), file, this.#pace(1, 50));
    }
    folder.seal();
    return { behaviour, folder, lastByteAt, endedAt, contractBroken: behaviour === 'rename-first', hasLateFiles };
  }

  /** Returns the time of the last byte. */
  #send(behaviour: Behaviour): number {
    const random = this.#random;
    const quick = this.#pace(1, 150);
    switch (behaviour) {
      case 'moved-in':
        for (const file of this.#files) this.#folder.write(0, file, { bytes: file.totalBytes, isOpen: false });
        return 0;
      case 'renamed':
      case 'rename-first':
        return this.#sendAll(this.#files, random.chance(0.5) ? quick : this.#pace(1, 0.8 * this.#quietMs));
      case 'steady':
      case 'resend-later':
        return this.#sendAll(this.#files, quick);
      case 'slow':
        return this.#sendAll(this.#files, { ...this.#pace(300, 6_000), isPreallocated: random.chance(0.3) });
      case 'paused':
        return this.#sendAll(this.#files, this.#paused(quick, 0.93 * this.#quietMs));
      case 'stalled':
        return this.#sendAll(this.#files, this.#paused(quick, 6 * this.#quietMs));
      case 'out-of-order':
        return this.#sendAll(random.shuffled(this.#files), this.#paused(this.#pace(10, 2_000), 0.8 * this.#quietMs));
      case 'cross-device-copy':
        return this.#sendAll(this.#files, {
          ...this.#paused(this.#pace(0.1, 3), 0.7 * this.#quietMs),
          keepsTimes: true,
        });
      case 'part-files':
        return this.#sendAll(this.#files, { ...this.#paused(quick, 0.9 * this.#quietMs), isPart: true });
      case 'restarted-resend': {
        const until = this.#sendAll(this.#files.slice(0, random.whole(1, this.#files.length)), quick);
        return this.#sendAll(this.#files, quick, until + this.#pause());
      }
      case 'two-senders': {
        const half = Math.ceil(this.#files.length / 2);
        const first = this.#sendAll(this.#files.slice(0, half), this.#paused(quick, 0.6 * this.#quietMs));
        const start = random.chance(0.5) ? random.between(0, first) : first + this.#pause();
        return Math.max(first, this.#sendAll(this.#files.slice(half), this.#paused(quick, 0.6 * this.#quietMs), start));
      }
      case 'late-slices':
        return this.#sendLateSlices(quick);
      case 'aborted':
        return this.#abort(this.#paused(quick, 0.8 * this.#quietMs));
      case 'marker':
        return this.#sendAll(this.#files, this.#paused(this.#pace(1, 400), 0.9 * this.#quietMs));
      case 'manifest':
      case 'count':
        if (behaviour === 'count' || random.chance(0.3)) this.#leave(behaviour, random.between(0.1, 5));
        return this.#sendAll(this.#files, this.#paused(quick, 0.9 * this.#quietMs));
    }
  }

  /** A few slices of the first series come again: after a pause, or long after, while the other series arrive. */
  #sendLateSlices(pace: Pace): number {
    const random = this.#random;
    const late = this.#files.slice(0, random.whole(1, Math.min(3, this.#files.length)));
    const rest = this.#files.slice(late.length);
    if (random.chance(0.5)) {
      const until = this.#sendAll(rest, pace);
      return this.#sendAll(late, pace, until + this.#pause());
    }
    const own = rest.filter(({ series }) => series === 0);
    const others = [...rest.filter(({ series }) => series !== 0), ...this.#makeSeries(9), ...this.#makeSeries(10)];
    const until = this.#sendAll(own, pace);
    const step = random.between(70_000, 200_000) / others.length;
    const end = this.#sendAll(others, this.#pace(0.5 * Math.min(step, 8_000), Math.min(step, 8_000)), until + 5);
    return this.#sendAll(late, pace, end + this.#pause());
  }

  /** Stops somewhere: between two files, in the middle of one, or for ever with a file open. */
  #abort(pace: Pace): number {
    const random = this.#random;
    const until = this.#sendAll(this.#files.slice(0, random.whole(1, this.#files.length)), pace);
    const half = this.#files.at(-1);
    if (half === undefined || random.chance(0.5)) return until;
    const at = until + random.between(1, 500);
    this.#folder.write(at, half, { bytes: Math.floor(half.totalBytes / 2), isOpen: random.chance(0.3) });
    return at;
  }

  #sendAll(files: readonly VirtualFile[], pace: Pace, from = 0.5): number {
    let at = from;
    let end = from;
    for (const file of files) {
      end = this.#sendFile(at, file, pace);
      at = end + pace.gap();
    }
    return end;
  }

  #sendFile(at: number, file: VirtualFile, pace: Pace): number {
    const folder = this.#folder;
    const duration = pace.duration(file);
    const target: VirtualFile = pace.isPart === true ? { ...file, path: `${file.path}.part`, isSidecar: true } : file;
    const chunks = Math.max(1, Math.min(60, Math.ceil(duration / (0.25 * this.#quietMs))));
    folder.write(at, target, { bytes: pace.isPreallocated === true ? file.totalBytes : 0, written: 0, isOpen: true });
    for (let chunk = 1; chunk <= chunks; chunk++) {
      const written = Math.ceil((file.totalBytes * chunk) / chunks);
      const bytes = pace.isPreallocated === true ? file.totalBytes : written;
      folder.write(at + (duration * chunk) / chunks, target, { bytes, written, isOpen: chunk < chunks });
    }
    const end = at + duration;
    if (pace.keepsTimes === true) folder.write(end + 0.05, target, { bytes: file.totalBytes, isOpen: false });
    if (target !== file) {
      folder.remove(end + 0.1, target);
      folder.write(end + 0.1, file, { bytes: file.totalBytes, isOpen: false });
      return end + 0.1;
    }
    return pace.keepsTimes === true ? end + 0.05 : end;
  }

  #leave(behaviour: 'marker' | 'manifest' | 'count', at: number): number {
    const path = { marker: '.done', manifest: 'manifest.json', count: 'count.json' }[behaviour];
    this.#folder.announced = { ...this.#folder.announced, [behaviour]: path };
    this.#folder.write(at, { path, series: -1, totalBytes: 20, isSidecar: true }, { bytes: 20, isOpen: false });
    return at;
  }

  #makeSeries(series: number): VirtualFile[] {
    const random = this.#random;
    const file = (index: number, totalBytes: number): VirtualFile => ({
      path: `${series}/${String(index).padStart(4, '0')}.dcm`,
      series,
      totalBytes,
      isSidecar: false,
    });
    // One multi-frame object in place of many slices.
    if (random.chance(0.08)) return [file(1, Math.round(random.between(2e8, 2e9)))];
    const slices = random.whole(5, 60);
    return Array.from({ length: slices }, (_, index) => file(index + 1, Math.round(random.between(1e4, 5e5))));
  }

  /** Small files take a part of the gap; a multi-frame object takes what 10 to 40 MB/s make of it. */
  #pace(leastMs: number, mostMs: number): Pace {
    const random = this.#random;
    const rate = random.between(10_000, 40_000);
    return {
      gap: () => random.between(leastMs, mostMs),
      duration: ({ totalBytes }) =>
        totalBytes > 1e8 ? totalBytes / rate : random.between(0.1, 1) * Math.max(1, leastMs),
    };
  }

  /** Some of its gaps are pauses up to a length. */
  #paused(pace: Pace, longestMs: number): Pace {
    const random = this.#random;
    const often = random.between(1, 4) / this.#files.length;
    return { ...pace, gap: () => (random.chance(often) ? random.between(0.3 * longestMs, longestMs) : pace.gap()) };
  }

  #pause(): number {
    return this.#random.between(0.3, 0.93) * this.#quietMs;
  }
}
