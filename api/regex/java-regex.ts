import { createRequire } from 'node:module'
import { createContext, Script, type Context } from 'node:vm'
import { ConnectError, messageOf } from '../errors.ts'
import { parseReplacement, type MatchGroups } from './replacement.ts'
import { translate, type TranslatedPattern } from './translate.ts'

/** A compiled Java regular expression. */
export interface JavaRegex {
  readonly pattern: string
  /** Whether the whole text matches. Source: Matcher.matches. */
  matches(text: string): boolean
  /**
   * The text with its first match replaced; `replacement` in Java's syntax. Source: Matcher.replaceFirst.
   *
   * Throws `HR_ILLEGAL_ARGUMENT` when the replacement refers to a group that is not there.
   */
  replaceFirst(text: string, replacement: string): string
}

/** A step of the timed engine may take this long; ordinary ones take microseconds. */
const MAX_MATCH_MS = 100

interface Engine {
  readonly groupCount: number
  find(text: string, whole: boolean): MatchGroups | undefined
}

/**
 * Compiles a Java regular expression. It cannot run away: most go to an engine of linear time, and those with
 * look-around or back references are cut off after 100 ms.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` with the reason when the expression is wrong or not supported.
 * Source: java.util.regex. Differs: Java lets an expression run for ever.
 */
export function compileJavaRegex(pattern: string): JavaRegex {
  const engine = createEngine(pattern)
  return {
    pattern,
    matches: (text) => engine.find(text, true) !== undefined,
    replaceFirst: (text, replacement) => {
      const match = engine.find(text, false)
      if (match === undefined) return text
      const value = parseReplacement(replacement, engine.groupCount)(match)
      return text.slice(0, match.start) + value + text.slice(match.end)
    },
  }
}

function createEngine(pattern: string): Engine {
  const translated = translate(pattern)
  try {
    return translated.engine === 'linear' ? linearEngine(translated) : backtrackingEngine(translated)
  } catch (cause) {
    const message = messageOf(cause).replace('error parsing regexp: ', '')
    const javaClass = 'java.util.regex.PatternSyntaxException'
    throw new ConnectError('HR_ILLEGAL_ARGUMENT', `The regular expression ${pattern} is wrong: ${message}`, {
      cause,
      javaClass,
    })
  }
}

type Re2 = typeof import('re2js')

/** The engine carries large tables of Unicode; most processes never need it. */
const loadRe2 = (): Re2 => createRequire(import.meta.url)('re2js') as Re2

function linearEngine({ source }: TranslatedPattern): Engine {
  const regex = loadRe2().RE2JS.compile(source)
  const groupCount = regex.groupCount()
  const names = Object.keys(regex.namedGroups())
  return {
    groupCount,
    find: (text, whole) => {
      const matcher = regex.matcher(text)
      if (!(whole ? matcher.matches() : matcher.find())) return undefined
      const groups = Array.from({ length: groupCount + 1 }, (_, group) => matcher.group(group) ?? undefined)
      const named = Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? undefined]))
      return { start: matcher.start(), end: matcher.end(), groups, named }
    },
  }
}

function backtrackingEngine({ source, flags, groups }: TranslatedPattern): Engine {
  const body = source
    .replace(/^\(\?[ims]+\)/, '')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$')
  const anywhere = new RegExp(body, flags)
  const whole = new RegExp(`^(?:${body})$`, flags)
  const context = createContext({ regex: anywhere, text: '' })
  return {
    groupCount: groups.length,
    find: (text, all) => {
      const match = timedExec(context, all ? whole : anywhere, text)
      if (match === null) return undefined
      const end = match.index + match[0].length
      return {
        start: match.index,
        end,
        groups: [match[0], ...groups.map((place) => match[place])],
        named: match.groups ?? {},
      }
    },
  }
}

const exec = new Script('regex.exec(text)')

function timedExec(context: Context, regex: RegExp, text: string): RegExpExecArray | null {
  Object.assign(context, { regex, text })
  try {
    return exec.runInContext(context, { timeout: MAX_MATCH_MS }) as RegExpExecArray | null
  } catch (cause) {
    const message = `The regular expression ${regex.source} takes longer than ${MAX_MATCH_MS} ms on a text of ${text.length} characters`
    throw new ConnectError('HR_DATA_INVALID', message, { cause })
  }
}
