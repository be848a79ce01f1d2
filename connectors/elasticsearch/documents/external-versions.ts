import { ConnectError, lastHeader, type SinkRecord } from '../../../api/index.ts'
import { valueText } from '../../../java/index.ts'

/** Returns the external version of a record. */
export type VersionOf = (record: SinkRecord) => number | bigint

const LONG = /^[+-]?\d{1,40}$/
const GREATEST = 2n ** 63n - 1n

/** Versions are offsets: a later record of a partition replaces an earlier one. */
export const versionOfOffset: VersionOf = ({ offset }) => offset

/**
 * Returns the function that reads versions from a header.
 *
 * It throws `HR_DATA_INVALID` if the header is missing, or is not an integer of 64 bits from 0, without its value in the
 * message. Source: DataConverter.maybeAddExternalVersioning, SimpleHeaderConverter. Differs: in Java such a record fails the
 * task; and a negative version lets the server refuse the whole bulk request.
 */
export function versionOfHeader(name: string): VersionOf {
  return ({ headers }) => {
    const header = lastHeader(headers, name)
    if (header === undefined || header.value === null || header.value === undefined) {
      throw invalid(`The header '${name}' with the version of the document is missing`)
    }
    const { value, schema } = header
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
    return parse(name, valueText(value, schema))
  }
}

function parse(name: string, text: string): number | bigint {
  if (LONG.test(text)) {
    const version = BigInt(text.startsWith('+') ? text.slice(1) : text)
    if (version >= 0n && version <= GREATEST) {
      return version <= Number.MAX_SAFE_INTEGER ? Number(version) : version
    }
  }
  throw invalid(`The header '${name}' must be the version of the document, an integer of 64 bits from 0`)
}

const invalid = (message: string): ConnectError => new ConnectError('HR_DATA_INVALID', message)
