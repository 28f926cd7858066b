/** A header's statements about its file's unit and the size of its series; null for a missing value. */
export interface HeaderFacts {
  readonly studyInstanceUid: string | null;
  readonly seriesInstanceUid: string | null;
  readonly sopInstanceUid: string | null;
  /** InstanceNumber (0020,0013). */
  readonly instanceNumber: number | null;
  /** ImagesInAcquisition (0020,1002). */
  readonly imagesInAcquisition: number | null;
  /** NumberOfSlices (0054,0081). */
  readonly numberOfSlices: number | null;
  /** ImagePositionPatient (0020,0032), three numbers, mm; else empty. */
  readonly position: readonly number[];
  /** ImageOrientationPatient (0020,0037), as in the file. */
  readonly orientation: string;
  /** The file ends where its last element ends. */
  readonly isWhole: boolean;
}

/** A header, or why it is missing (so far): a fixed phrase that completes "it belongs to no unit: …". */
export type HeaderSighting =
  | { readonly kind: 'header'; readonly header: HeaderFacts }
  | { readonly kind: 'none'; readonly reason: string };

/** File system facts of a regular file. Equal stamps mean that it did not change. */
export interface FileStamp {
  readonly bytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly device: bigint;
  readonly inode: bigint;
  /** When it came to be, absent where the file system does not say; as a stamp it says nothing more. */
  readonly bornNs?: bigint;
}

/** One file of a watch path. */
export interface UnitFile {
  /** Below the watch path, `/` between. */
  readonly path: string;
  readonly stamp: FileStamp;
  readonly sighting: HeaderSighting;
  /** The directory, by its path below the watch path, whose rename brought the file; null where it came otherwise. */
  readonly broughtBy: string | null;
}

/** Whether two stamps are those of one unchanged file. */
export function isSameStamp(one: FileStamp, other: FileStamp): boolean {
  return (
    one.bytes === other.bytes &&
    one.mtimeNs === other.mtimeNs &&
    one.ctimeNs === other.ctimeNs &&
    one.device === other.device &&
    one.inode === other.inode
  );
}
