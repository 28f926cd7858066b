import type { ImportAttributes } from './import-tags.ts';

/** Which images are wanted; an empty list asks for nothing. */
export interface ImageFilter {
  /** Modality is one of these. */
  readonly modalities: readonly string[];
  /** ImageType has one of these among its values (`AXIAL`). */
  readonly imageTypes: readonly string[];
  /** BurnedInAnnotation is not YES. */
  readonly excludeBurnedIn: boolean;
}

/** Why an image is not wanted, in our own words; undefined when it is. Pure. */
export function toExclusion(attributes: ImportAttributes, filter: ImageFilter): string | undefined {
  const { modalities, imageTypes, excludeBurnedIn } = filter;
  if (modalities.length > 0 && !modalities.includes(attributes.Modality ?? '')) return 'its modality is not asked for';
  const types = attributes.ImageType?.split('\\') ?? [];
  if (imageTypes.length > 0 && !imageTypes.some((type) => types.includes(type)))
    return 'its image type is not asked for';
  return excludeBurnedIn && attributes.BurnedInAnnotation === 'YES'
    ? 'it is flagged as having burned-in annotation'
    : undefined;
}
