import { ConnectError } from '../../api/errors.ts'

/** A part of a replacement: literal text or a reference to a group. */
type Part = { readonly text: string } | { readonly group: number } | { readonly name: string }

/** The position and groups of a match. Group 0 is the whole match. */
export interface MatchGroups {
  readonly start: number
  readonly end: number
  readonly groups: readonly (string | undefined)[]
  readonly named: Readonly<Record<string, string | undefined>>
}

/**
 * Parses a replacement in Java's syntax: `$1`, `${name}`, and `\` to escape the next character.
 *
 * Throws `HR_ILLEGAL_ARGUMENT`. Source: Matcher.appendReplacement.
 */
export function parseReplacement(replacement: string, groupCount: number): (match: MatchGroups) => string {
  const parts: Part[] = []
  for (let at = 0; at < replacement.length;) {
    const letter = replacement.charAt(at)
    if (letter === '\\') {
      if (at + 1 === replacement.length) throw illegal('character to be escaped is missing')
      parts.push({ text: replacement.charAt(at + 1) })
      at += 2
    } else if (letter === '$') {
      const [part, length] = reference(replacement.slice(at + 1), groupCount)
      parts.push(part)
      at += 1 + length
    } else {
      parts.push({ text: letter })
      at++
    }
  }
  return (match) => parts.map((part) => valueOf(part, match)).join('')
}

function reference(rest: string, groupCount: number): [Part, number] {
  if (rest === '') throw illegal('Illegal group reference: group index is missing')
  const name = /^\{([A-Za-z][A-Za-z0-9]*)\}/.exec(rest)
  if (name?.[1] !== undefined) return [{ name: name[1] }, name[0].length]
  if (!/^\d/.test(rest)) throw illegal('Illegal group reference')
  let group = Number(rest.charAt(0))
  if (group > groupCount) {
    const javaClass = 'java.lang.IndexOutOfBoundsException'
    throw new ConnectError('HR_ILLEGAL_ARGUMENT', `No group ${group}`, { javaClass })
  }
  let length = 1
  // Further digits belong to the group number as long as such a group exists
  while (/\d/.test(rest.charAt(length)) && group * 10 + Number(rest.charAt(length)) <= groupCount) {
    group = group * 10 + Number(rest.charAt(length))
    length++
  }
  return [{ group }, length]
}

function valueOf(part: Part, { groups, named }: MatchGroups): string {
  if ('text' in part) return part.text
  if ('group' in part) return groups[part.group] ?? ''
  if (!Object.hasOwn(named, part.name)) throw illegal(`No group with name {${part.name}}`)
  return named[part.name] ?? ''
}

function illegal(message: string): ConnectError {
  return new ConnectError('HR_ILLEGAL_ARGUMENT', message)
}
