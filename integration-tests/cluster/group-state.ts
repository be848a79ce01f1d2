import { waitFor, withAdmin } from '../services/index.ts'

const PATIENCE_MS = 30_000

export interface GroupExpectation {
  /** A state of the coordinator, such as `Stable`. */
  readonly state: string
  /** Number of members; any by default. */
  readonly members?: number
  readonly timeoutMs?: number
}

/** Waits until the coordinator of a group has it in a state, and resolves to the number of its members. */
export function untilGroup(
  kafka: string,
  group: string,
  { state, members, timeoutMs = PATIENCE_MS }: GroupExpectation,
): Promise<number> {
  return withAdmin(kafka, (admin) => {
    let last = 'unknown'
    return waitFor(
      async () => {
        const [found] = (await admin.describeGroups([group])).groups
        if (found === undefined) return undefined
        const count = found.members.length
        last = `${found.state} with ${count} members`
        return found.state === state && (members ?? count) === count ? count : undefined
      },
      { timeoutMs, what: () => `group ${group} to be ${state}; it is ${last}` },
    )
  })
}
