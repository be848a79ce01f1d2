import { builtIns } from '../../cli/worker/built-ins.ts'
import {
  encodeAssignment,
  encodeMetadata,
  offeredProtocols,
  protocolVersions,
  type WorkerAssignment,
} from '../../runtime/herder/distributed/assignment/protocol.ts'
import { noWork, type WorkSet } from '../../runtime/herder/distributed/assignment/work.ts'
import { connectorNames } from '../../runtime/plugins/index.ts'

const offered = offeredProtocols['sessioned'] ?? []
const traits = { version: '1.0.0', tags: new Map([['zone', 'a']]), connectors: connectorNames(builtIns) }

/** Sizes of the messages of a settled cluster, in bytes. Workers have the built-in connectors. */
export function sizesOf(workers: ReadonlyMap<string, WorkSet>): Record<string, number> {
  const members = [...workers].map(([url, work]) => {
    const assignment: WorkerAssignment = {
      error: 0,
      leader: 'connect-192.0.2.17:8083-00000000-0000-0000-0000-000000000000',
      leaderUrl: 'http://192.0.2.17:8083/',
      offset: 100_000,
      assigned: work.toWork(),
      revoked: noWork,
      delay: 0,
    }
    const metadata = { url: `http://${url}:8083/`, offset: 100_000, allocation: assignment, traits }
    return {
      joined: sum(offered.map((name) => encodeMetadata(metadata, protocolVersions[name]).length)),
      java: encodeMetadata(metadata, protocolVersions.sessioned).length,
      metadata: encodeMetadata(metadata, protocolVersions.headrace).length,
      assignment: encodeAssignment(assignment, protocolVersions.headrace).length,
      unchanged: encodeAssignment({ ...assignment, assigned: noWork }, protocolVersions.headrace).length,
    }
  })
  return {
    'JoinGroup request of a worker, all protocols': Math.max(...members.map(({ joined }) => joined)),
    'metadata of a worker, protocol sessioned': Math.max(...members.map(({ java }) => java)),
    'metadata of a worker, protocol headrace': Math.max(...members.map(({ metadata }) => metadata)),
    'JoinGroup response to the leader': sum(members.map(({ metadata }) => metadata)),
    'SyncGroup request of the leader, all work assigned anew': sum(
      members.map(({ assignment }) => assignment),
    ),
    'SyncGroup request of the leader, nothing moves': sum(members.map(({ unchanged }) => unchanged)),
    'record of the group in __consumer_offsets, at most': sum(
      members.map(({ metadata, assignment }) => metadata + assignment),
    ),
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
