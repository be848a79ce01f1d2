import { createRequire } from 'node:module'
import { createContext, Script, type Context } from 'node:vm'
import { ConnectError, messageOf } from '../../api/errors.ts'
import { parseReplacement, type MatchGroups } from './replacement.ts'
import { groupKey } from './pattern/reader.ts'
import { translate, type TranslatedPattern } from './pattern/translate.ts'

/** A compiled Java regular expression. */
export interface JavaRegex {
  readonly pattern: string
  /** Whether the entire text matches. Source: Matcher.matches. */
  matches(text: string): boolean
  /**
   * Returns the text with its first match replaced; `replacement` has Java's syntax.
   *
   * Throws `HR_ILLEGAL_ARGUMENT` when the replacement refers to a nonexistent group.
   * Source: Matcher.replaceFirst.
   */
  replaceFirst(text: string, replacement: string): string
}

/** Time limit of one match in the backtracking engine; ordinary matches take microseconds. */
const MAX_MATCH_MS = 100
const MAX_ATTEMPTS = 10

interface Engine {
  readonly groupCount: number
  find(text: string, whole: boolean): MatchGroups | undefined
}

/**
 * Compiles a Java regular expression. Matching time is bounded: most expressions run in a linear-time engine,
 * and those with look-around or back references are aborted after 100 ms.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` with the reason when the expression is invalid or not supported.
 * Source: java.util.regex. Differs: Java does not limit the matching time.
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
    return translated.engine === 'linear' ? linearEngine(translated) : backtrackingEngine(translated, pattern)
  } catch (cause) {
    const message = messageOf(cause).replace('error parsing regexp: ', '')
    const javaClass = 'java.util.regex.PatternSyntaxException'
    throw new ConnectError('HR_ILLEGAL_ARGUMENT', `Invalid regular expression ${pattern}: ${message}`, {
      cause,
      javaClass,
    })
  }
}

type Re2 = typeof import('re2js')

/** Loaded on first use: the engine includes large Unicode tables, and most processes do not need it. */
const loadRe2 = (): Re2 => createRequire(import.meta.url)('re2js') as Re2

function linearEngine({ source, groupCount, names }: TranslatedPattern): Engine {
  const regex = loadRe2().RE2JS.compile(source)
  return {
    groupCount,
    find: (text, whole) => {
      const matcher = regex.matcher(text)
      if (!(whole ? matcher.matches() : matcher.find())) return undefined
      const groups = Array.from({ length: groupCount + 1 }, (_, group) => matcher.group(group) ?? undefined)
      return { start: matcher.start(), end: matcher.end(), groups, named: named(names, groups) }
    },
  }
}

function backtrackingEngine({ source, groupCount, names }: TranslatedPattern, pattern: string): Engine {
  const anywhere = new RegExp(source, 'u')
  const whole = new RegExp(`^(?:${source})$`, 'u')
  const context = createContext({ regex: anywhere, text: '' })
  return {
    groupCount,
    find: (text, all) => {
      const match = timedExec(context, all ? whole : anywhere, text, pattern)
      if (match === null) return undefined
      const found = Array.from({ length: groupCount }, (_, index) => match.groups?.[groupKey(index + 1)])
      const groups = [match[0], ...found]
      return { start: match.index, end: match.index + match[0].length, groups, named: named(names, groups) }
    },
  }
}

function named(names: ReadonlyMap<string, number>, groups: MatchGroups['groups']): MatchGroups['named'] {
  return Object.fromEntries(Array.from(names, ([name, number]) => [name, groups[number]]))
}

const exec = new Script('regex.exec(text)')

function timedExec(context: Context, regex: RegExp, text: string, pattern: string): RegExpExecArray | null {
  Object.assign(context, { regex, text })
  const before = process.cpuUsage()
  for (let attempt = 1; ; attempt++) {
    try {
      return exec.runInContext(context, { timeout: MAX_MATCH_MS }) as RegExpExecArray | null
    } catch (cause) {
      // on a busy machine, the time may pass while other processes run
      if (attempt < MAX_ATTEMPTS && usedMs(before) < MAX_MATCH_MS / 2) continue
      const message = `The regular expression ${pattern} took longer than ${MAX_MATCH_MS} ms to match a text of ${text.length} characters`
      throw new ConnectError('HR_DATA_INVALID', message, { cause })
    }
  }
}

/** CPU time of the process since then, in milliseconds. */
function usedMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}
