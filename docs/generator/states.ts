import { memberMoves } from '../../runtime/kafka/group/ports.ts'
import { queueMoves } from '../../runtime/kafka/producer/partition-queue.ts'
import { taskMoves } from '../../runtime/task/state.ts'
import { page } from './markdown.ts'

type Moves = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Returns a page with a diagram of each state machine. */
export function statesPage(): string {
  return page(
    'States',
    'Each state machine is a table in the code. Transitions that are not in the table do not occur.',
    '## Task\n\nThe states of a task in its task process. Source: `runtime/task/state.ts`.',
    diagram(taskMoves, 'starting'),
    '## Group member\n\nA worker in its cluster, or a sink task in its consumer group. Source: `runtime/kafka/group/ports.ts`.',
    diagram(memberMoves, 'outside'),
    '## Batches of a partition\n\nHow a producer preserves order when a batch fails. Source: `runtime/kafka/producer/partition-queue.ts`.',
    diagram(queueMoves, 'flowing'),
  )
}

/** Omits transitions to the same state. */
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

/** Mermaid does not allow hyphens in state names. */
const id = (state: string): string => state.replaceAll('-', '_')
