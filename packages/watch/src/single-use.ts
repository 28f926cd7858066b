/** Guards what may be taken once. @throws TypeError the second time */
export function singleUse(what: string): () => void {
  let used = false;
  return () => {
    if (used) throw new TypeError(`Expected ${what} to be called once, got a second call: open another source`);
    used = true;
  };
}
