import type { ObjectExtent, Stored, WhenExists } from '../../ports.ts'

const START = 'headrace-start-offset'
const END = 'headrace-end-offset'
const COUNT = 'headrace-record-count'
const TIMESTAMP = 'headrace-start-timestamp'
/** Identifies an upload that began before its extent was known. */
const UPLOAD = 'headrace-upload'

/** User metadata as the SDK wants them. */
export type Metadata = Record<string, string>

export function metadataOf(extent: ObjectExtent): Metadata {
  return {
    [START]: String(extent.startOffset),
    [END]: String(extent.endOffset),
    [COUNT]: String(extent.recordCount),
    ...(extent.startTimestamp === null ? {} : { [TIMESTAMP]: String(extent.startTimestamp) }),
  }
}

export function uploadMetadata(id: string): Metadata {
  return { [UPLOAD]: id }
}

export function uploadIn(metadata: Readonly<Record<string, string>>): string | undefined {
  return metadata[UPLOAD]
}

/** Reads the extent of an object; undefined for one of another program. */
export function extentIn(metadata: Readonly<Record<string, string>>): ObjectExtent | undefined {
  const number = (name: string): number => {
    const text = metadata[name] ?? ''
    return /^-?\d{1,16}$/.test(text) ? Number(text) : NaN
  }
  const [startOffset, endOffset, recordCount] = [number(START), number(END), number(COUNT)]
  const startTimestamp = metadata[TIMESTAMP] === undefined ? null : number(TIMESTAMP)
  if ([startOffset, endOffset, recordCount, startTimestamp ?? 0].some(Number.isNaN)) return undefined
  return { startOffset, endOffset, recordCount, startTimestamp }
}

/** What to do about an object that has the key of one that is to be stored. */
export type Verdict = Stored | { readonly kind: 'replace' }

const stored = { kind: 'stored' } as const
const replace = { kind: 'replace' } as const

/** Offsets of another partition, or of a topic that was made anew, say nothing. */
const isEarlier = (found: ObjectExtent, ours: ObjectExtent): boolean =>
  found.startTimestamp !== null && ours.startTimestamp !== null && found.startTimestamp < ours.startTimestamp

/** Decides about an object with the extent `found`. See {@link WhenExists}. */
export function judge(found: ObjectExtent | undefined, ours: ObjectExtent, whenExists: WhenExists): Verdict {
  if (found === undefined) return replace
  const sameStart = found.startOffset === ours.startOffset && found.startTimestamp === ours.startTimestamp
  const kept = { kind: 'exists', endOffset: found.endOffset } as const
  if (sameStart && found.endOffset === ours.endOffset) return stored
  switch (whenExists) {
    case 'keep':
      return sameStart ? kept : replace
    case 'keep-newer':
      return found.endOffset > ours.endOffset && !isEarlier(found, ours) ? kept : replace
    case 'replace':
      return replace
  }
}
