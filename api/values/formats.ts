import { simpleDateFormat } from '../time/simple-date-format.ts'

/** How dates, times and timestamps are written in texts. */
export const isoDate = simpleDateFormat('yyyy-MM-dd')
export const isoTime = simpleDateFormat("HH:mm:ss.SSS'Z'")
export const isoTimestamp = simpleDateFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
