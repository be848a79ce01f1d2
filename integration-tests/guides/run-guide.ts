import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { parseProperties } from '../../config/index.ts'
import { commandsOfPage, filesOfPage, type Command } from '../../docs/guides/test/examples.ts'
import {
  sharedKafka,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
  type RestClient,
} from '../services/index.ts'
import { commandLine } from '../services/project.ts'

type Props = Readonly<Record<string, string>>

/** A guide and what differs where a test executes it. */
export interface Guide {
  /** Path of the page. */
  readonly page: string
  /** Names of connectors, topics, roles and the like, which get a prefix: tests share their servers. */
  readonly names: readonly string[]
  /** Returns settings to add to a property file, such as where the servers of the tests are. */
  readonly settings: (text: string) => Props
  /** Executes a command other than `npx headrace`, with the names of the test. */
  readonly execute: (command: Command, run: GuideRun) => Promise<void>
}

/** A guide that is being executed. */
export interface GuideRun {
  readonly folder: string
  readonly rest: RestClient
  /** Replaces the names of the guide by those of the test. */
  named(text: string): string
}

const run = promisify(execFile)
const TIMEOUT_MS = 60_000

/** Writes the files of a guide, starts its worker, and executes its commands one after another. */
export async function runGuide(t: TestContext, guide: Guide): Promise<GuideRun> {
  const folder = workFolder('guide')
  const own = uniqueName('guide').replaceAll('-', '_')
  const names = new RegExp(`\\b(${guide.names.join('|')})\\b(?!\\.(?:properties|txt|jsonl|sql))`, 'g')
  const named = (text: string): string => text.replaceAll(names, `${own}_$1`)
  const files = await filesOfPage(guide.page)
  for (const [name, text] of files) await writeFile(join(folder, name), contentOf(guide, name, named(text)))
  const worker = await startWorker(t, {
    props: {
      ...propsIn((files.get('worker.properties') ?? '').replaceAll('headrace', own)),
      'bootstrap.servers': await sharedKafka(() => {}),
    },
    cwd: folder,
  })
  const guideRun = { folder, rest: worker.rest, named }
  for (const { text, comment } of await commandsOfPage(guide.page)) {
    const [, line] = /^npx headrace (.*)$/.exec(text) ?? []
    if (line === undefined) await guide.execute({ text: named(text), comment }, guideRun)
    else if (line !== 'distributed worker.properties') {
      const args = [...named(line).split(' '), '--url', worker.rest.url]
      await run(process.execPath, [commandLine, ...args], { cwd: folder })
    }
  }
  return guideRun
}

/** The last value of a setting counts. */
function contentOf({ settings }: Guide, name: string, text: string): string {
  if (!name.endsWith('.properties')) return text
  const added = Object.entries(settings(text)).map(([key, value]) => `${key}=${value}`)
  return [text, ...added, ''].join('\n')
}

const propsIn = (text: string): Props =>
  Object.fromEntries(parseProperties(text).map(({ key, value }) => [key, value]))

/** Waits until a command of a guide shows what it should. `show` returns that in the form of `expected`. */
export async function untilShown(
  { text, comment }: Command,
  show: () => Promise<string>,
  expected: string,
): Promise<void> {
  let last = ''
  const shown = async () => {
    last = await show()
    return last === expected ? true : undefined
  }
  const what = () => `${text} to show ${comment}: '${expected}'; it shows '${last}'`
  await waitFor(shown, { timeoutMs: TIMEOUT_MS, what })
}
