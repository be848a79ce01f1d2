/** Decodes a key of a listing with encoding type `url`, as forms are encoded. */
export function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '))
}
