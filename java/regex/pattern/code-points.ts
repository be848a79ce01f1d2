/** A set of code points: disjoint, non-adjacent ranges in ascending order. */
export type CodePoints = readonly (readonly [first: number, last: number])[]

export const MAX_CODE_POINT = 0x10ffff

export const EVERY_CODE_POINT: CodePoints = [[0, MAX_CODE_POINT]]

/** Returns the set of all code points in the given ranges, which may be in any order. */
export function codePoints(...ranges: readonly (readonly [first: number, last: number])[]): CodePoints {
  const merged: [number, number][] = []
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (first > last) continue
    const before = merged.at(-1)
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else merged.push([first, last])
  }
  return merged
}

export const union = (...sets: readonly CodePoints[]): CodePoints => codePoints(...sets.flat())

export function complement(set: CodePoints): CodePoints {
  const rest: [number, number][] = []
  let next = 0
  for (const [first, last] of set) {
    if (first > next) rest.push([next, first - 1])
    next = last + 1
  }
  if (next <= MAX_CODE_POINT) rest.push([next, MAX_CODE_POINT])
  return rest
}

export const intersection = (one: CodePoints, other: CodePoints): CodePoints =>
  complement(union(complement(one), complement(other)))

/** Adds the other case of each ASCII letter to the set. */
export function foldAscii(set: CodePoints): CodePoints {
  const shifted = (from: number, to: number, by: number): CodePoints =>
    intersection(set, [[from, to]]).map(([first, last]) => [first + by, last + by])
  return union(set, shifted(0x41, 0x5a, 0x20), shifted(0x61, 0x7a, -0x20))
}
