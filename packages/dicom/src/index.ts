export { type ByteSource, toByteSource } from './byte-source.ts';
export { HEADER_LIMITS, type HeaderLimits } from './header-limits.ts';
export { type HeaderOptions, type HeaderResult, readHeader } from './read-header.ts';
export { type Attributes, HEADER_TAGS, type HeaderKeyword, type TagSpec } from './tags.ts';
