/** A piece of a pattern as an engine takes it, with what Java knows of its length. */
export interface Piece {
  readonly source: string
  /** Letters in the longest match, in 32 bits as in Java. Source: Pattern.TreeInfo.maxLength. */
  readonly longest: number
  /** Whether Java takes it for a look-behind. Source: Pattern.TreeInfo.maxValid. */
  readonly bounded: boolean
  /** Whether Java minds when its length and that of what is before it run over 32 bits. Source: Pattern.Curly.study. */
  readonly minds: boolean
  /** Whether it matches in one way only. Source: Pattern.TreeInfo.deterministic. */
  readonly single: boolean
}

/** How often a piece is repeated, and how. */
export interface Quantifier {
  readonly source: string
  readonly min: number
  /** `MAX_REPEATS` for without end. */
  readonly max: number
  readonly kind: 'greedy' | 'lazy' | 'possessive'
  /** Its first letter: `*`, `+`, `?` or `{`. */
  readonly letter: string
}

export const MAX_REPEATS = 0x7fffffff

/** What matches the empty text, in the engine's words. */
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
 * The piece repeated. A look-behind takes what repeats without end as long as 32 bits do not run over, but not a group
 * that matches in several ways. Source: the `study` of Pattern.Ques, Curly, GroupCurly, CharPropertyGreedy and Loop.
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
