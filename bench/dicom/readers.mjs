// One reader for each name: takes a path, reads the header, returns its SOPInstanceUID. All in this process, one thread.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

const PARTIAL_BYTES = 16 << 10;
const UNTIL_PIXELS = 'x7fe00010';

/** Loads a reader by its name. */
export const READERS = {
  floor: async () => {
    const buffer = Buffer.alloc(16 << 10);
    return (path) => {
      const fd = openSync(path, 'r');
      const got = readSync(fd, buffer, 0, buffer.length, 0);
      closeSync(fd);
      return got > 0 ? 'read' : undefined;
    };
  },
  sendit: async () => {
    const { readHeaderFile } = await import('@sendit/dicom/node');
    return (path) => {
      const { header } = readHeaderFile(path);
      return header.kind === 'dicom' ? header.attributes.SOPInstanceUID : undefined;
    };
  },
  'sendit-checked': async () => {
    const { readHeaderFile } = await import('@sendit/dicom/node');
    const options = { checkTruncation: true };
    return (path) => {
      const { header } = readHeaderFile(path, options);
      return header.kind === 'dicom' ? header.attributes.SOPInstanceUID : undefined;
    };
  },
  'dicom-parser-partial': async () => {
    const { default: dicomParser } = await import('dicom-parser');
    const buffer = new Uint8Array(PARTIAL_BYTES);
    const options = { untilTag: UNTIL_PIXELS };
    return (path) => {
      const fd = openSync(path, 'r');
      const got = readSync(fd, buffer, 0, Math.min(PARTIAL_BYTES, fstatSync(fd).size), 0);
      closeSync(fd);
      return toWanted(dicomParser.parseDicom(buffer.subarray(0, got), options));
    };
  },
  'dicom-parser-whole': async () => {
    const { default: dicomParser } = await import('dicom-parser');
    return (path) => toWanted(dicomParser.parseDicom(readFileSync(path)));
  },
  dcmjs: async () => {
    const { default: dcmjs } = await import('dcmjs');
    dcmjs.log?.setLevel?.('silent');
    const { DicomMessage, DicomMetaDictionary } = dcmjs.data;
    return (path) => {
      const bytes = readFileSync(path);
      const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
      const { dict } = DicomMessage.readFile(buffer);
      return DicomMetaDictionary.naturalizeDataset(dict).SOPInstanceUID;
    };
  },
};

/** The tags that `sendit` reads by default, in this library's notation. */
const WANTED = (
  'x00080005 x00080008 x00080016 x00080018 x00080020 x00080030 x00080050 x00080060 x00080070 x00081030 x0008103e ' +
  'x00100010 x00100020 x00100030 x00100040 x00180015 x00181030 x0020000d x0020000e x00200010 x00200011 x00200013 x00280008 x00280301'
).split(' ');

function toWanted(dataset) {
  const values = {};
  for (const tag of WANTED) values[tag] = dataset.string(tag);
  values.rows = dataset.uint16('x00280010');
  values.columns = dataset.uint16('x00280011');
  return values.x00080018;
}
