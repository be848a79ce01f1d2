import { connectors } from '../connectors/index.ts'
import { converters } from '../converters/index.ts'
import { runTaskProcess } from '../runtime/task-process.ts'
import { transforms } from '../transforms/index.ts'

runTaskProcess([connectors, converters, transforms])
