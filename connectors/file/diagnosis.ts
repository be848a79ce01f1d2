import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf, type Finding, type SourceDiagnoseContext } from '../../api/index.ts'
import { topicNameFault } from '../../java/index.ts'

const { R_OK, W_OK, X_OK } = constants

/** Returns an error if Kafka rejects the name of the topic to write to. */
export function diagnoseTopic(topic: string): Finding[] {
  const fault = topicNameFault(topic)
  if (fault === undefined) return []
  return [
    {
      id: 'topic-name',
      severity: 'error',
      message: `Kafka rejects the topic name '${topic}': ${fault}.`,
      remedy: 'Correct the setting topic.',
    },
  ]
}

/**
 * Returns the reasons why the source cannot read its file. Does not open the file, because that would affect a named
 * pipe.
 */
export async function diagnoseSourceFile(
  file: string,
  { lastOffsets }: Pick<SourceDiagnoseContext, 'lastOffsets'>,
): Promise<Finding[]> {
  const missing = await missingFolder(file)
  if (missing !== undefined) return [{ ...missing, severity: 'warning' }]
  try {
    const stats = await stat(file)
    if (stats.isDirectory()) return [isDirectory(file)]
    await access(file, R_OK)
    const [offset] = await lastOffsets([{ filename: file }])
    const position = Number(offset?.['position'] ?? 0)
    return stats.isFile() && position > stats.size ? [beyondEnd(file, position, stats.size)] : []
  } catch (error) {
    if (!isMissing(error)) return [notAccessible(file, 'read', error)]
    return [
      {
        id: 'file-missing',
        severity: 'warning',
        message: `The file ${file} does not exist. The source waits until it does.`,
        remedy: 'Create the file, or correct the setting file. The path is one on the machine of the worker.',
      },
    ]
  }
}

/** Returns the reasons why the sink cannot write its file. Does not create the file. */
export async function diagnoseSinkFile(file: string): Promise<Finding[]> {
  const missing = await missingFolder(file)
  if (missing !== undefined) return [missing]
  try {
    if ((await stat(file)).isDirectory()) return [isDirectory(file)]
    await access(file, R_OK | W_OK) // the end of the file is read to find an incomplete line
    return []
  } catch (error) {
    if (!isMissing(error)) return [notAccessible(file, 'write', error)]
  }
  const folder = dirname(file)
  try {
    await access(folder, W_OK | X_OK)
    return []
  } catch (error) {
    return [
      {
        id: 'folder-not-writable',
        severity: 'error',
        message: `The worker cannot create a file in the folder ${folder}: ${messageOf(error)}`,
        remedy: `Allow the user of the worker to write to ${folder}, or correct the setting file.`,
      },
    ]
  }
}

async function missingFolder(file: string): Promise<Finding | undefined> {
  const folder = dirname(file)
  try {
    await stat(folder)
    return undefined
  } catch (error) {
    if (!isMissing(error)) return undefined // opening the file gives a more specific error
    return {
      id: 'folder-missing',
      severity: 'error',
      message: `The folder ${folder} does not exist.`,
      remedy: 'Create the folder, or correct the setting file. The path is one on the machine of the worker.',
    }
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

const isDirectory = (file: string): Finding => ({
  id: 'file-is-directory',
  severity: 'error',
  message: `${file} is a directory, expected a file.`,
  remedy: 'Name a file in the setting file.',
})

const notAccessible = (file: string, how: 'read' | 'write', error: unknown): Finding => ({
  id: how === 'read' ? 'file-not-readable' : 'file-not-writable',
  severity: 'error',
  message: `The worker cannot ${how} the file ${file}: ${messageOf(error)}`,
  remedy: `Allow the user of the worker to ${how} the file, or correct the setting file.`,
})

const beyondEnd = (file: string, position: number, size: number): Finding => ({
  id: 'offset-beyond-end',
  severity: 'warning',
  message: `The stored offset is ${position}, but the file ${file} has only ${size} bytes. The source waits until the file has grown.`,
  remedy: 'If the file was replaced, stop the connector and reset its offsets.',
})
