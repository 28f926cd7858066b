import { type FindingRecord, toFinding } from '@sendit/model';
import { type ImportAttributes, toDate, toInteger, toText } from '../import-tags.ts';
import { checkSeries } from './check-series.ts';
import type { ImageFacts } from './facts.ts';
import { checkFile, toTomorrow } from './file-checks.ts';
import { SeriesTally } from './series-tally.ts';

/** One recorded file, as the checks take it in. */
export interface CheckedImage {
  readonly path: string;
  readonly attributes: ImportAttributes;
  readonly hasPrivate: boolean;
  readonly isTextGuessed: boolean;
  /** The same for all files of one series, and for no other. */
  readonly seriesKey: string;
}

/** Takes in the recorded files of a batch one by one, and says at the end what is to be found in its series and in the whole. */
export class BatchChecks {
  readonly #tomorrow: string;
  readonly #patients = new Set<string>();
  readonly #series = new Map<string, SeriesTally>();

  /** `now` is the time by which dates are in the future. */
  constructor(now: Date) {
    this.#tomorrow = toTomorrow(now);
  }

  /** Findings about the file by itself; what it says about its series is kept. */
  add({ path, attributes, hasPrivate, isTextGuessed, seriesKey }: CheckedImage): FindingRecord[] {
    const modality = toText(attributes.Modality);
    const imageType = toText(attributes.ImageType);
    const patient = toText(attributes.PatientID) ?? toText(attributes.PatientName);
    if (patient !== null) this.#patients.add(patient);
    const image = toImageFacts(path, attributes);
    const series = this.#series.get(seriesKey) ?? new SeriesTally(modality, image);
    this.#series.set(seriesKey, series);
    series.add(image);
    const codes = checkFile({
      modality,
      imageType,
      hasPrivate,
      isTextGuessed,
      sopClassUid: toText(attributes.SOPClassUID),
      burnedInAnnotation: toText(attributes.BurnedInAnnotation),
      dates: [toDate(attributes.StudyDate), toDate(attributes.PatientBirthDate)],
      texts: [
        toText(attributes.PatientName),
        toText(attributes.StudyDescription),
        toText(attributes.SeriesDescription),
        toText(attributes.ProtocolName),
      ],
      tomorrow: this.#tomorrow,
    });
    return codes.map((code) => toFinding(code, path));
  }

  /** Findings about each series and about the batch, to be taken once at the end. */
  toFindings(): FindingRecord[] {
    const findings = [...this.#series.values()].flatMap((series) => {
      const facts = series.toFacts();
      return facts === undefined ? [] : checkSeries(facts);
    });
    const patients = this.#patients.size;
    if (patients > 1)
      findings.push(toFinding('several-patients', null, `The batch has ${patients} different PatientIDs.`));
    return findings;
  }
}

function toImageFacts(path: string, attributes: ImportAttributes): ImageFacts {
  return {
    path,
    instanceNumber: toInteger(attributes.InstanceNumber),
    frames: toInteger(attributes.NumberOfFrames),
    rows: toText(attributes.Rows),
    columns: toText(attributes.Columns),
    imageType: toText(attributes.ImageType),
    orientation: toText(attributes.ImageOrientationPatient),
    position: toText(attributes.ImagePositionPatient),
    imagesInAcquisition: toInteger(attributes.ImagesInAcquisition),
    numberOfSlices: toInteger(attributes.NumberOfSlices),
  };
}
