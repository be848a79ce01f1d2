import { ConnectError } from '../../api/index.ts'

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const LETTER = /[A-Za-z0-9+/]/
const PADDING = '='

/** Throws `HR_DATA_INVALID` for anything but padded base64. `Buffer.from` would skip invalid characters. */
export function decodeBase64(text: string): Buffer {
  return BASE64.test(text) ? Buffer.from(text, 'base64') : decodeGroups(text)
}

/**
 * Decodes groups of four characters. Accepts whitespace before each group, and padding in any group.
 *
 * Source: Jackson's Base64Variant.decode.
 */
function decodeGroups(text: string): Buffer {
  const groups: Buffer[] = []
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at + 4)) {
    const group = text.slice(at, at + 4)
    if (!isGroup(group)) throw new ConnectError('HR_DATA_INVALID', 'Invalid bytes field')
    groups.push(Buffer.from(group, 'base64'))
  }
  return Buffer.concat(groups)
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) <= 32) at++
  return at
}

function isGroup(group: string): boolean {
  const [a = '', b = '', c = '', d = ''] = group
  if (group.length !== 4 || !LETTER.test(a) || !LETTER.test(b)) return false
  return c === PADDING ? d === PADDING : LETTER.test(c) && (d === PADDING || LETTER.test(d))
}
