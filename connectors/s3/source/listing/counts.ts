/** What a scan has found, for metrics and warnings. */
export interface ScanCounts {
  listed: number
  pages: number
  /** Objects that are not to be read, by their keys. */
  foreign: number
  empty: number
  /** Objects that appeared before the position, after it had moved on. */
  late: number
  /** The key of one of them. */
  lateKey: string | null
}

export const newCounts = (): ScanCounts => ({
  listed: 0,
  pages: 0,
  foreign: 0,
  empty: 0,
  late: 0,
  lateKey: null,
})
