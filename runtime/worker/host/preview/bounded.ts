import type { RecordPreview } from './protocol.ts'

const MAX_ANSWER_BYTES = 4 * 1024 * 1024

/** Previews records one by one, until the response size limit is reached or the signal is aborted. */
export async function boundedPreviews<T>(
  records: readonly T[],
  walk: (record: T) => Promise<RecordPreview>,
  signal: AbortSignal,
): Promise<{ readonly records: RecordPreview[]; readonly truncated: boolean }> {
  const previews: RecordPreview[] = []
  let left = MAX_ANSWER_BYTES
  for (const record of records) {
    if (signal.aborted) return { records: previews, truncated: true }
    const preview = await walk(record)
    left -= JSON.stringify(preview).length
    if (left < 0) return { records: previews, truncated: true }
    previews.push(preview)
  }
  return { records: previews, truncated: false }
}
