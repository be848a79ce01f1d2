import { printable, table } from './output.ts'

interface Item {
  readonly connector: string
  readonly task: number | null
}

/** The response to `GET /headrace/cluster`. Times are in milliseconds since the epoch. */
export interface Cluster {
  readonly group: string
  readonly state: string
  readonly protocol: string | null
  readonly leader: string | null
  readonly members: readonly {
    readonly url: string
    readonly kind: string | null
    readonly version: string | null
    readonly tags: readonly string[]
    readonly leads: boolean
    readonly runs: readonly Item[]
    readonly config_lag: number | null
    readonly last_contact: number | null
  }[]
  readonly unassigned: readonly (Item & { readonly reason: string; readonly until: number | null })[]
  readonly misplaced: readonly (Item & { readonly reason: string; readonly url: string })[]
  readonly notes: readonly string[]
}

const UNKNOWN = '?'

/** Formats the workers, what each of them runs, and what needs attention. `now` is in milliseconds since the epoch. */
export function clusterText(cluster: Cluster, now: number, coloured: boolean): string {
  const { group, state, protocol, leader, members, unassigned, misplaced, notes } = cluster
  const head = `group ${group}  ${state}  protocol ${protocol ?? UNKNOWN}  leader ${leader ?? UNKNOWN}`
  const parts = [
    printable(head),
    membersTable(members, now, coloured),
    runsTable(members, coloured),
    problemsTable(
      'NOT ASSIGNED',
      unassigned.map(({ until, ...item }) => ({ ...item, reason: item.reason + dueIn(until, now) })),
      coloured,
    ),
    problemsTable(
      'MISPLACED',
      misplaced.map(({ url, ...item }) => ({ ...item, reason: `${url}: ${item.reason}` })),
      coloured,
    ),
    notes.map((note) => `note: ${printable(note)}`).join('\n'),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function membersTable(members: Cluster['members'], now: number, coloured: boolean): string {
  if (members.length === 0) return ''
  const rows = members.map((member) => [
    member.leads ? `${member.url} *` : member.url,
    member.kind ?? UNKNOWN,
    member.version ?? UNKNOWN,
    member.tags.join(','),
    String(member.runs.filter(({ task }) => task === null).length),
    String(member.runs.filter(({ task }) => task !== null).length),
    member.config_lag === null ? UNKNOWN : String(member.config_lag),
    member.last_contact === null ? UNKNOWN : `${seconds(now - member.last_contact)} ago`,
  ])
  return table(['WORKER', 'KIND', 'VERSION', 'TAGS', 'CONNECTORS', 'TASKS', 'LAG', 'CONTACT'], rows, coloured)
}

function runsTable(members: Cluster['members'], coloured: boolean): string {
  const rows = members.flatMap(({ url, runs }) =>
    [...new Set(runs.map(({ connector }) => connector))].toSorted().map((connector) => [
      connector,
      runs
        .filter((item) => item.connector === connector)
        .map(nameOf)
        .join(', '),
      url,
    ]),
  )
  return rows.length === 0 ? '' : table(['CONNECTOR', 'RUNS', 'WORKER'], rows.toSorted(byFirst), coloured)
}

function problemsTable(
  title: string,
  problems: readonly (Item & { readonly reason: string })[],
  coloured: boolean,
): string {
  const rows = problems.map((item) => [`${item.connector} ${nameOf(item)}`, item.reason])
  return rows.length === 0 ? '' : table([title, 'REASON'], rows, coloured)
}

const nameOf = ({ task }: Item): string => (task === null ? 'connector' : `task ${task}`)

const byFirst = ([a = '']: readonly string[], [b = '']: readonly string[]): number =>
  a < b ? -1 : a > b ? 1 : 0

const dueIn = (until: number | null, now: number): string =>
  until === null ? '' : ` It is assigned in ${seconds(until - now)} at the latest.`

const seconds = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(1)} s`
