import { ConnectError } from '../../api/index.ts'

const BLANKS = /[\u0000-\u0020]+/g
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Throws `HR_DATA_INVALID` on anything but padded base64; Node.js itself would skip what it does not know. */
export function decodeBase64(text: string): Buffer {
  const compact = text.replace(BLANKS, '')
  if (!BASE64.test(compact)) throw new ConnectError('HR_DATA_INVALID', 'Invalid bytes field')
  return Buffer.from(compact, 'base64')
}
