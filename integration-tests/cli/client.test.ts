import { after } from 'node:test'
import { distributedProps, launchWorker, sharedKafka } from '../services/index.ts'
import { testCommands } from './client-commands.ts'

const worker = await launchWorker({ props: distributedProps(await sharedKafka()) })
after(() => worker.stop())
testCommands(worker.rest.url)
