import { messageOf } from '../../api/index.ts'
import { runGolden } from './recordings.ts'

const [path] = process.argv.slice(2)

/** `npm run golden -- <folder>`: runs recorded cases. Exits with 1 if one of them fails, with 2 if none can run. */
async function main(): Promise<number> {
  if (path === undefined) throw new Error('usage: npm run golden -- <folder or file of recorded cases>')
  const { passed, failures } = await runGolden(path)
  for (const { id, description, difference } of failures)
    console.log(`✗ ${id} ${description}\n   ${difference}\n`)
  console.log(`${passed} passed, ${failures.length} failed`)
  return failures.length === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 2
}
