import { ConnectError } from '../../api/index.ts'

interface Bound {
  /** Undefined for an open bound. */
  readonly version: string | undefined
  readonly inclusive: boolean
}

/** A range between two versions; either bound may be open. */
interface Range {
  readonly lower: Bound
  readonly upper: Bound
}

/** The accepted versions of a plugin. */
export interface VersionRequirement {
  /** In Maven notation: `[4.0,5.0)`. */
  readonly text: string
  matches(version: string): boolean
}

/**
 * Parses a setting such as `connector.plugin.version`: a version, or ranges in Maven notation. Returns
 * undefined when any version is accepted.
 *
 * Throws `HR_BAD_REQUEST` for other text. Source: PluginUtils.connectorVersionRequirement, KIP-891.
 */
export function versionRequirement(text: string | null | undefined): VersionRequirement | undefined {
  if (text === null || text === undefined || text === 'latest') return undefined
  const trimmed = text.trim()
  return requirement(readRanges(trimmed) ?? readRanges(`[${trimmed}]`) ?? [])
}

/** Suffix that our version of a Kafka plugin adds to Kafka's version. */
const OURS = /-headrace\..*$/

function requirement(ranges: readonly Range[]): VersionRequirement {
  return {
    text: ranges.map(rangeText).join(','),
    matches: (version) => {
      const wanted = ranges.some(({ lower }) => OURS.test(lower.version ?? ''))
        ? version
        : version.replace(OURS, '')
      return ranges.some((range) => isWithin(wanted, range))
    },
  }
}

function rangeText({ lower, upper }: Range): string {
  const from = `${lower.inclusive ? '[' : '('}${lower.version ?? ''}`
  return `${from},${upper.version ?? ''}${upper.inclusive ? ']' : ')'}`
}

/** Returns undefined for text that is not a range. Source: Maven's VersionRange.createFromVersionSpec. */
function readRanges(text: string): Range[] | undefined {
  let rest = text
  const ranges: Range[] = []
  while (rest.startsWith('[') || rest.startsWith('(')) {
    const end = rest.search(/[\])]/)
    if (end < 0) throw invalid(`Unbounded range: ${text}`)
    ranges.push(readRange(rest.slice(0, end + 1)))
    rest = rest
      .slice(end + 1)
      .trim()
      .replace(/^,\s*/, '')
  }
  if (ranges.length === 0) return undefined
  if (rest !== '') throw invalid(`Only fully-qualified sets allowed in multiple set scenario: ${text}`)
  return ranges
}

function readRange(text: string): Range {
  const [opens, closes] = [text.startsWith('['), text.endsWith(']')]
  const [low = '', high, ...more] = text
    .slice(1, -1)
    .split(',')
    .map((part) => part.trim())
  if (high === undefined) {
    if (!opens || !closes) throw invalid(`Single version must be surrounded by []: ${text}`)
    const single = { version: low, inclusive: true }
    return { lower: single, upper: single }
  }
  if (more.length > 0 || (low === high && low !== '' && !(opens && closes))) {
    throw invalid(`Range cannot have identical boundaries: ${text}`)
  }
  if (low !== '' && high !== '' && compareVersions(low, high) > 0) {
    throw invalid(`Range defies version ordering: ${text}`)
  }
  return {
    lower: { version: low === '' ? undefined : low, inclusive: opens },
    upper: { version: high === '' ? undefined : high, inclusive: closes },
  }
}

function isWithin(version: string, { lower, upper }: Range): boolean {
  const fromLower = lower.version === undefined ? 1 : compareVersions(version, lower.version)
  const toUpper = upper.version === undefined ? -1 : compareVersions(version, upper.version)
  const above = fromLower > 0 || (fromLower === 0 && lower.inclusive)
  return above && (toUpper < 0 || (toUpper === 0 && upper.inclusive))
}

/** Pre-release qualifiers in ascending order; the release itself sorts after them. */
const beforeRelease = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '']
const otherNames: Readonly<Record<string, string>> = {
  a: 'alpha',
  b: 'beta',
  m: 'milestone',
  cr: 'rc',
  ga: '',
  final: '',
  release: '',
}

/**
 * Negative, zero or positive when `a` is older than, equal to or newer than `b`.
 *
 * Source: Maven's ComparableVersion.
 */
function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = compareParts(left[index] ?? 0, right[index] ?? 0)
    if (order !== 0) return order
  }
  return 0
}

function partsOf(version: string): (number | string)[] {
  const parts = version.toLowerCase().match(/\d+|[^\d.\-_]+/g) ?? []
  return parts.map((part) => (/^\d/.test(part) ? Number(part) : (otherNames[part] ?? part)))
}

function compareParts(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const order = rankOf(a) - rankOf(b)
  return order !== 0 || a === b ? order : String(a) < String(b) ? -1 : 1
}

function rankOf(part: number | string): number {
  if (typeof part === 'number') return part === 0 ? beforeRelease.indexOf('') : beforeRelease.length + 1
  const known = beforeRelease.indexOf(part)
  return known < 0 ? beforeRelease.length : known
}

const invalid = (message: string): ConnectError => new ConnectError('HR_BAD_REQUEST', message)
