import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the project; this file is compiled to dist/integration-tests/services/. */
export const projectFolder = fileURLToPath(new URL('../../../', import.meta.url))

/** Compiled entry of the command line. */
export const commandLine = join(projectFolder, 'dist/cli/main.js')
