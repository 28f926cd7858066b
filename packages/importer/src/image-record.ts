import type { BytePath } from '@sendit/files';
import type { FileRecord } from './header-readers.ts';
import type { ImportAttributes } from './import-tags.ts';
import type { ComparedFile } from './recorded-files.ts';

/** A record with a data set: complete, or cut behind its identity. */
export interface ImageRecord extends ComparedFile {
  readonly path: BytePath;
  /** Of the whole file. */
  readonly bytes: number;
  readonly attributes: ImportAttributes;
  readonly hasPrivate: boolean;
  readonly isTextGuessed: boolean;
  /** False where it is cut, null where nobody could tell. */
  readonly isWhole: boolean | null;
}

/** The record of a file with a data set; undefined for any other file. */
export function toImage({ header, path, bytes, datasetDigest }: FileRecord): ImageRecord | undefined {
  if (header.kind !== 'dicom' && header.kind !== 'truncated') return undefined;
  const { attributes, datasetAt, isTextGuessed, transferSyntaxUid } = header;
  return {
    path,
    bytes,
    attributes,
    isTextGuessed,
    transferSyntaxUid: transferSyntaxUid === '' ? null : transferSyntaxUid,
    datasetBytes: bytes - datasetAt,
    digest: datasetDigest,
    hasPrivate: header.kind === 'dicom' && header.hasPrivate,
    isWhole: header.kind === 'dicom' ? (header.extent === 'whole' ? true : null) : false,
  };
}
