import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { messageOf, type Finding } from '../../../api/index.ts'
import type { StorageSettings } from '../storage/index.ts'
import { error, warning } from '../../shared/finding.ts'

/** Returns whether the folder of the temporary file cannot be used, or has too little space. Creates nothing. */
export async function temporaryFolderFindings({
  temporaryFolder: folder,
  stagingMaxBytes,
}: Pick<StorageSettings, 'temporaryFolder' | 'stagingMaxBytes'>): Promise<readonly Finding[]> {
  try {
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (failure) {
    return [
      error(
        'temporary-folder-not-writable',
        `The worker cannot create its temporary file in ${folder}: ${messageOf(failure)}`,
        'Create the folder and allow the user of the worker to write to it, or set headrace.s3.staging.dir.',
      ),
    ]
  }
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= stagingMaxBytes) return []
  return [
    warning(
      'temporary-folder-full',
      `The folder ${folder} has ${sizeText(free)} of free space, but the temporary file of each task may take ${sizeText(stagingMaxBytes)}.`,
      'Free some space, set headrace.s3.staging.dir to a folder with more, or lower headrace.s3.staging.max.bytes.',
    ),
  ]
}

/** A size in bytes as text, such as `512 MiB`. */
function sizeText(bytes: number): string {
  return bytes < 1024 ** 3 ? `${Math.round(bytes / 1024 ** 2)} MiB` : `${(bytes / 1024 ** 3).toFixed(1)} GiB`
}
