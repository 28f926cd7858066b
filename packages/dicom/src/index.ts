export { type ByteSource, toByteSource } from './byte-source.ts';
export { HEADER_LIMITS, type HeaderLimits } from './header-limits.ts';
export {
  type DicomDate,
  type DicomTime,
  parseDate,
  parseDecimal,
  parseInteger,
  parsePersonName,
  parseTime,
  type PersonName,
  type PersonNameGroup,
  splitValues,
} from './parse-values.ts';
export { type HeaderOptions, type HeaderResult, readHeader } from './read-header.ts';
export { type Attributes, HEADER_TAGS, type HeaderKeyword, type TagSpec } from './tags.ts';
