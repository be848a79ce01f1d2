import { simpleDateFormat } from '../time/simple-date-format.ts'

/** The string formats of dates, times and timestamps. */
export const isoDate = simpleDateFormat('yyyy-MM-dd')
export const isoTime = simpleDateFormat("HH:mm:ss.SSS'Z'")
export const isoTimestamp = simpleDateFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
