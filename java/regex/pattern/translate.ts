import { backtrackingDialect, linearDialect } from './dialect.ts'
import { PatternReader } from './reader.ts'

/** A Java pattern in the syntax of the engine that runs it. */
export interface TranslatedPattern {
  readonly source: string
  /**
   * `linear` runs in linear time; `backtracking` is needed for look-around and back references, and has a
   * time limit.
   */
  readonly engine: 'linear' | 'backtracking'
  readonly groupCount: number
  /** Numbers of the named groups. */
  readonly names: ReadonlyMap<string, number>
}

/**
 * Translates a Java regular expression to the syntax of one of our engines.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` with Java's message when Java rejects the pattern, and with the reason when
 * neither engine supports a part of it: a translation never changes the meaning.
 *
 * Source: java.util.regex.Pattern. Differs: rejects what neither engine supports.
 */
export function translate(pattern: string): TranslatedPattern {
  const linear = new PatternReader(pattern, linearDialect).read()
  return linear.engine === 'linear' ? linear : new PatternReader(pattern, backtrackingDialect).read()
}
