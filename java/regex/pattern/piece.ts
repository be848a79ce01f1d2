/** A part of a pattern in an engine's syntax, with the match lengths that Java computes for it. */
export interface Piece {
  readonly source: string
  /** Length of the longest match, with 32-bit overflow as in Java. Source: Pattern.TreeInfo.maxLength. */
  readonly longest: number
  /** Whether Java allows it in a look-behind. Source: Pattern.TreeInfo.maxValid. */
  readonly bounded: boolean
  /**
   * Whether Java checks its length plus that of the preceding parts for 32-bit overflow.
   *
   * Source: Pattern.Curly.study.
   */
  readonly minds: boolean
  /** Whether it can match in only one way. Source: Pattern.TreeInfo.deterministic. */
  readonly single: boolean
}

/** The number of repetitions and their kind. */
export interface Quantifier {
  readonly source: string
  readonly min: number
  /** `MAX_REPEATS` when unbounded. */
  readonly max: number
  readonly kind: 'greedy' | 'lazy' | 'possessive'
  /** Its first character: `*`, `+`, `?` or `{`. */
  readonly letter: string
}

export const MAX_REPEATS = 0x7fffffff

/** A piece that matches the empty text, in an engine's syntax. */
export const emptyPiece = (source: string): Piece => ({
  source,
  longest: 0,
  bounded: true,
  minds: false,
  single: true,
})

export const letterPiece = (source: string): Piece => ({ ...emptyPiece(source), longest: 1 })

export function inSequence(one: Piece, other: Piece): Piece {
  const longest = (one.longest + other.longest) | 0
  return {
    source: one.source + other.source,
    longest,
    bounded: one.bounded && other.bounded && !(other.minds && longest < one.longest),
    minds: one.minds || other.minds,
    single: one.single && other.single,
  }
}

export function alternative(one: Piece, other: Piece): Piece {
  return {
    source: `${one.source}|${other.source}`,
    longest: Math.max(one.longest, other.longest),
    bounded: one.bounded && other.bounded,
    minds: one.minds || other.minds,
    single: false,
  }
}

/**
 * Applies a quantifier to a piece. A look-behind allows unbounded repetition as long as the length does not
 * overflow 32 bits, except for a group that can match in several ways.
 * Source: the `study` of Pattern.Ques, Curly, GroupCurly, CharPropertyGreedy and Loop.
 */
export function repeated(piece: Piece, quantifier: Quantifier, what: 'letter' | 'group' | 'other'): Piece {
  const { min, max, kind, letter } = quantifier
  const source = piece.source + quantifier.source
  if (letter === '?') return { ...piece, source, single: false }
  if (what === 'letter' && kind === 'greedy' && letter !== '{') {
    return { ...piece, source, longest: MAX_REPEATS, single: false }
  }
  const longest = Math.imul(piece.longest, max)
  const loops = what === 'group' && kind !== 'possessive' && !piece.single
  const bounded = piece.bounded && !loops && longest >= 0
  return { source, longest, bounded, minds: true, single: piece.single && min === max }
}
