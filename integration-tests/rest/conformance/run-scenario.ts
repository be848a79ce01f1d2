import { appendFile, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { masked } from './apply-masks.ts'
import { HttpClient, type HttpAnswer } from './http-client.ts'
import type { FileStep, HttpStep, Place, Scenario, StepResult } from './scenario.ts'

const COMPARED_HEADERS = ['content-type', 'location', 'allow']
const PATIENCE_MS = 30_000
/** Used after one wait has timed out, because later waits of the scenario are then likely to time out too. */
const IMPATIENCE_MS = 2000
const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 500

/** Runs scenarios against a worker, one at a time, each with its own names. */
export class ScenarioRunner {
  readonly #base: string
  readonly #tmp: string
  readonly #client: HttpClient
  readonly #run = Array.from({ length: 5 }, () => letters[Math.floor(Math.random() * letters.length)]).join(
    '',
  )
  #count = 0
  #late = false

  /** `base` is the URL of the worker, `tmp` a folder that both can access. */
  constructor(base: string, tmp: string) {
    this.#base = base
    this.#tmp = tmp
    this.#client = new HttpClient(base)
  }

  /** Resolves to the results of the steps to compare. Deletes the connectors and files of the scenario. */
  async run(scenario: Scenario): Promise<StepResult[]> {
    const place = this.#newPlace()
    const results: StepResult[] = []
    this.#late = false
    try {
      for (const step of scenario.steps(place)) {
        if (step.kind === 'sleep') await sleep(step.ms)
        else if (step.kind === 'write') await writeFile(step.file, step.text)
        else if (step.kind === 'append') await appendFile(step.file, step.text)
        else if (step.kind === 'file') results.push(await this.#untilFile(step, place))
        else {
          const result = await this.#ask(step, scenario, place)
          if (step.quiet !== true) results.push(result)
        }
      }
      return results
    } finally {
      await this.#cleanUp(place)
    }
  }

  close(): void {
    this.#client.close()
  }

  #newPlace(): Place {
    const prefix = `zq${this.#run}${(this.#count++).toString(36).padStart(2, '0')}`
    return {
      prefix,
      base: this.#base,
      tmp: this.#tmp,
      n: (name) => `${prefix}-${name}`,
      f: (name) => join(this.#tmp, `${prefix}-${name}`),
    }
  }

  async #untilFile(step: FileStep, place: Place): Promise<StepResult> {
    const end = Date.now() + (this.#late ? IMPATIENCE_MS : step.timeoutMs)
    for (;;) {
      const text = await readFile(step.file, 'utf8').catch(() => '')
      const reached = step.pred === undefined ? text.split('\n').length > step.lines : step.pred(text)
      if (!reached && Date.now() <= end) {
        await sleep(LONGEST_WAIT_MS / 5)
        continue
      }
      this.#late ||= !reached
      const lines = this.#neutral(text, place).split('\n')
      const label = `file ${this.#neutral(step.file, place)}`
      return {
        label,
        ...(reached ? {} : { timeout: true }),
        body: step.sort === true ? lines.toSorted() : lines,
      }
    }
  }

  async #ask(step: HttpStep, scenario: Scenario, place: Place): Promise<StepResult> {
    const patienceMs = step.until === undefined ? PATIENCE_MS : (step.timeoutMs ?? PATIENCE_MS)
    const end = Date.now() + (step.until !== undefined && this.#late ? IMPATIENCE_MS : patienceMs)
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)) {
      const answer = await this.#client.send(step)
      const again = isTransient(answer, step) || (step.until !== undefined && !holds(step.until, answer))
      if (again && Date.now() <= end) {
        await sleep(waitMs)
        continue
      }
      if (again && step.until !== undefined) this.#late = true
      return this.#resultOf(answer, step, scenario, place, again)
    }
  }

  #resultOf(
    answer: HttpAnswer,
    step: HttpStep,
    scenario: Scenario,
    place: Place,
    timeout: boolean,
  ): StepResult {
    const rules = [...(scenario.mask ?? []), ...(step.mask ?? [])]
    const body = answer.isJson ? masked(answer.body, rules, place) : answer.body
    const withBody = step.statusOnly !== true && answer.body !== undefined && step.method !== 'HEAD'
    const neutral = this.#neutralAll(body, place)
    const shown =
      step.method === 'OPTIONS' && typeof neutral === 'string' ? sortedList(neutral).split(', ') : neutral
    return {
      label: `${step.method} ${this.#neutral(step.path, place)}`,
      ...(timeout ? { timeout } : {}),
      status: answer.status,
      headers: step.statusOnly === true ? {} : this.#headersOf(answer, step, place),
      ...(withBody ? { body: shown } : {}),
      ...(step.compare === undefined ? {} : { compare: step.compare }),
    }
  }

  #headersOf({ headers }: HttpAnswer, step: HttpStep, place: Place): Record<string, string> {
    const kept = [...COMPARED_HEADERS, ...(step.keep ?? [])].flatMap((name) => {
      const value = headers[name]
      if (value === undefined) return []
      const text = String(value)
      const isList = name === 'allow' || step.sortHeaders?.includes(name) === true
      const plain = name === 'content-type' ? (text.split(';')[0]?.trim().toLowerCase() ?? '') : text
      return [[name, this.#neutral(isList ? sortedList(plain) : plain, place)] as const]
    })
    return Object.fromEntries(kept)
  }

  /** Replaces parts that differ from run to run. */
  #neutral(text: string, { prefix }: Place): string {
    const host = this.#base.replace(/^https?:\/\//, '')
    return text
      .replaceAll(this.#tmp, 'TMP')
      .replaceAll(encodeURIComponent(this.#tmp), 'TMP')
      .replaceAll(prefix, 'PFX')
      .replaceAll(this.#base, 'BASE')
      .replaceAll(host, 'HOST')
  }

  #neutralAll(value: unknown, place: Place): unknown {
    if (typeof value === 'string') return this.#neutral(value, place)
    if (Array.isArray(value)) return value.map((item) => this.#neutralAll(item, place))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    return Object.fromEntries(
      entries.map(([key, item]) => [this.#neutral(key, place), this.#neutralAll(item, place)]),
    )
  }

  async #cleanUp({ prefix }: Place): Promise<void> {
    const { body } = await this.#client.send({ method: 'GET', path: '/connectors' })
    const names = Array.isArray(body) ? body.map(String).filter((name) => name.includes(prefix)) : []
    for (const name of names) {
      await this.#client.send({ method: 'DELETE', path: `/connectors/${encodeURIComponent(name)}` })
    }
    const files = (await readdir(this.#tmp)).filter((name) => name.startsWith(prefix))
    await Promise.all(files.map((name) => rm(join(this.#tmp, name), { recursive: true, force: true })))
  }
}

const letters = 'abcdefghijkmnpqrstuvwxyz'

/** Whether a response only reports a rebalance, so that every client has to retry. */
function isTransient({ status, body, error }: HttpAnswer, { noRetry }: HttpStep): boolean {
  if (error !== undefined) return /ECONNRESET|socket hang up/.test(error)
  const { message } = (body ?? {}) as { message?: unknown }
  const text = typeof message === 'string' ? message : ''
  const rebalances =
    (status === 409 && /momentarily|conflicting operation/.test(text)) ||
    (status === 500 && text.includes('a rebalance is expected'))
  return rebalances && noRetry !== true
}

/** Returns false if the predicate throws because the response has another shape. */
function holds(predicate: NonNullable<HttpStep['until']>, { body, status }: HttpAnswer): boolean {
  try {
    return predicate(body, status)
  } catch {
    return false
  }
}

const sortedList = (text: string): string =>
  text
    .split(',')
    .map((part) => part.trim())
    .toSorted()
    .join(', ')
