import { backtrackingDialect, linearDialect } from './dialect.ts'
import { PatternReader } from './reader.ts'

/** A Java pattern in the syntax of the engine that can run it. */
export interface TranslatedPattern {
  readonly source: string
  /** `linear` never takes long; `backtracking` is needed for look-around and back references, and is timed. */
  readonly engine: 'linear' | 'backtracking'
  readonly groupCount: number
  /** Numbers of the groups that have a name. */
  readonly names: ReadonlyMap<string, number>
}

/**
 * Rewrites a Java regular expression for the engines we have.
 *
 * Throws `HR_ILLEGAL_ARGUMENT`: in Java's words when Java refuses the pattern; and with the reason when it uses
 * something that neither engine has, rather than let it mean something else.
 *
 * Source: java.util.regex.Pattern. Differs: what neither engine has is refused.
 */
export function translate(pattern: string): TranslatedPattern {
  const linear = new PatternReader(pattern, linearDialect).read()
  return linear.engine === 'linear' ? linear : new PatternReader(pattern, backtrackingDialect).read()
}
