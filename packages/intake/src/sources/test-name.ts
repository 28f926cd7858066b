/** Whether a base name is that of a test directory: it begins with the prefix, in any case; false or an empty prefix means none is. */
export function isTestName(name: string, prefix: string | false): boolean {
  return prefix !== false && prefix !== '' && name.toLowerCase().startsWith(prefix.toLowerCase());
}
