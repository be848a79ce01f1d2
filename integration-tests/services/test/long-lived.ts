import { join } from 'node:path'
import { startChild, workFolder } from '../processes/index.ts'

/* A program that starts another one, prints its pid, and then runs forever. */

const folder = workFolder('long-lived')
const child = startChild({
  command: process.execPath,
  args: ['-e', 'setInterval(() => {}, 1000)'],
  logFile: join(folder, 'log'),
})
process.stdout.write(`${JSON.stringify({ child: child.pid, folder })}\n`)
setInterval(() => {}, 60_000)
