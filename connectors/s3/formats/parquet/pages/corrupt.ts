import { ConnectError } from '../../../../../api/index.ts'

/** The error for content that is not valid Parquet, or of a kind that is not supported. */
export const corrupt = (reason: string, cause?: unknown): ConnectError =>
  new ConnectError('HR_DATA_INVALID', reason, cause === undefined ? {} : { cause })
