import { after } from 'node:test'
import { distributedProps, sharedKafka, startJavaWorker } from '../services/index.ts'
import { testCommands } from './client-commands.ts'

const worker = await startJavaWorker({ props: distributedProps(await sharedKafka()) })
after(() => worker.stop())
testCommands(worker.rest.url)
