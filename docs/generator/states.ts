import { memberMoves } from '../../runtime/kafka/group/ports.ts'
import { queueMoves } from '../../runtime/kafka/producer/partition-queue.ts'
import { taskMoves } from '../../runtime/task/state.ts'
import { page } from './markdown.ts'

type Moves = Readonly<Record<string, Readonly<Record<string, string>>>>

/** A page with each table of states as a diagram. */
export function statesPage(): string {
  return page(
    'States',
    'Each of these is a table in the code; a move that is not in it does not happen.',
    '## Task\n\nWhat a task process makes of a task. Source: `runtime/task/state.ts`.',
    diagram(taskMoves, 'starting'),
    '## Member of a group\n\nA worker in its cluster, and a sink task in its consumer group. Source: `runtime/kafka/group/ports.ts`.',
    diagram(memberMoves, 'outside'),
    '## Batches of a partition\n\nHow a producer keeps order when a batch fails. Source: `runtime/kafka/producer/partition-queue.ts`.',
    diagram(queueMoves, 'flowing'),
  )
}

/** Moves that change nothing are left out. */
function diagram(moves: Moves, first: string): string {
  const lines = Object.entries(moves).flatMap(([from, events]) => {
    const targets = new Map<string, string[]>()
    for (const [event, to] of Object.entries(events)) {
      if (to !== from) targets.set(to, [...(targets.get(to) ?? []), event])
    }
    return [...targets].map(([to, names]) => `  ${id(from)} --> ${id(to)}: ${names.join(', ')}`)
  })
  return ['```mermaid', 'stateDiagram-v2', `  [*] --> ${id(first)}`, ...lines, '```'].join('\n')
}

/** A dash would end the name of a state. */
const id = (state: string): string => state.replaceAll('-', '_')
