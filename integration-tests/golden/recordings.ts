import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FORMAT, type RecordedCase } from './format.ts'
import { runCase } from './run-case.ts'

export interface GoldenFailure {
  readonly id: string
  readonly description: string
  readonly difference: string
}

/** Runs all cases of a file, or of all recordings in a folder. Throws if there are none. */
export async function runGolden(path: string): Promise<{ passed: number; failures: GoldenFailure[] }> {
  const failures: GoldenFailure[] = []
  let passed = 0
  for (const file of await recordingsIn(path)) {
    const { format, cases } = JSON.parse(await readFile(file, 'utf8')) as {
      format?: string
      cases: RecordedCase[]
    }
    if (format !== FORMAT) throw new Error(`${file} has the format '${String(format)}', expected '${FORMAT}'`)
    for (const recorded of cases) {
      const difference = differenceOf(recorded)
      if (difference === undefined) passed++
      else failures.push({ id: recorded.id, description: recorded.description, difference })
    }
  }
  if (passed + failures.length === 0) throw new Error(`no recorded cases in ${path}`)
  return { passed, failures }
}

/** An error of the runner itself fails only this case. */
function differenceOf(recorded: RecordedCase): string | undefined {
  try {
    return runCase(recorded)
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

async function recordingsIn(path: string): Promise<string[]> {
  if (path.endsWith('.json')) return [path]
  const entries = await readdir(path, { recursive: true })
  return entries
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => join(path, name))
}
