import { messageOf } from '../../api/index.ts'
import { projectFolder, startChild, stopAllChildren, stopOnSignal } from '../services/index.ts'
import { join } from 'node:path'
import { makeKafkaImage, makeNodeImage } from './base-images.ts'
import { startEngine, type Engine } from './engine.ts'
import { buildImage, runPipeline } from './pipeline.ts'

/*
 * `npm run container`: builds the image and runs compose.yaml on its own Docker engine, then runs tests on Kafka in
 * containers. Requires root and Debian's docker.io, docker-compose and debootstrap.
 */

/** Tests that start one broker, three brokers, and brokers with SASL_SSL. */
const TESTS_IN_DOCKER = ['delivery/take-over', 'delivery/leader-change', 'delivery/secure-broker']
const MB = 1e6

stopOnSignal()

async function main(): Promise<number> {
  if (process.getuid?.() !== 0) throw new Error('only root can start a Docker engine')
  const engine = await startEngine()
  say('building the base images')
  await makeNodeImage(engine)
  await makeKafkaImage(engine)
  say('building the image')
  say(`image: ${Math.round((await buildImage(engine)) / MB)} MB`)
  say('running compose.yaml')
  const stopMs = await runPipeline(engine)
  say(`every line arrived once; the worker stopped in ${Math.round(stopMs)} ms`)
  return runTests(engine)
}

async function runTests(engine: Engine): Promise<number> {
  const args = [join(projectFolder, 'dist/integration-tests/run.js'), ...TESTS_IN_DOCKER]
  const env = { ...engine.env, KAFKA_BOOTSTRAP_SERVERS: undefined }
  const { code } = await startChild({ command: process.execPath, args, env }).ended
  return code ?? 1
}

function say(text: string): void {
  console.log(text)
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
} finally {
  await stopAllChildren()
}
