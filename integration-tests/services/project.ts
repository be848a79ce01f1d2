import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the project. This file is compiled to dist/integration-tests/services/. */
export const projectFolder = fileURLToPath(new URL('../../../', import.meta.url))

/** The compiled entry point of the command line. */
export const commandLine = join(projectFolder, 'dist/cli/main.js')
