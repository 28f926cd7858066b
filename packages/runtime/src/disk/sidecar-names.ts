import type { WatchPath } from '@sendit/config';
import type { SidecarNames } from '@sendit/detector/node';

/** The files of a directory that speak for the rest of it, by configuration. */
export function toSidecarNames({
  marker,
  manifest,
  count,
}: Pick<WatchPath, 'marker' | 'manifest' | 'count'>): SidecarNames {
  const named = (name: string | undefined): readonly string[] => (name === undefined ? [] : [name]);
  return { markers: named(marker), manifests: named(manifest), counts: named(count) };
}
