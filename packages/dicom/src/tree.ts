export { type DictionaryEntry, findTextTags, loadDictionary, loadTextTags } from './dictionary.ts';
export { type DicomElement, readTree } from './read-tree.ts';
export { readTreeFile } from './read-tree-file.ts';
