import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SinkRecord } from '../../../../api/index.ts'
import type { SinkPlan } from '../../ports.ts'
import { FakeBucket, unavailable } from './fake-bucket.ts'
import { keyView, planOf, recordAt, valueView } from './plans.ts'
import { Simulation } from './simulation.ts'

const RECORDS = 120
const DIRECTORIES = 3

/** Numbers from 0 to before `limit`, the same ones for the same seed. */
function randomOf(seed: number): (limit: number) => number {
  let state = seed * 2_654_435_761 + 1
  return (limit) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e37_79b9) >>> 0
    return ((state ^ (state >>> 13)) >>> 0) % limit
  }
}

type Random = ReturnType<typeof randomOf>

/** Records with gaps between their offsets, of some directories; their keys are their values. */
function logOf(random: Random): SinkRecord[] {
  const log: SinkRecord[] = []
  let offset = random(5)
  let time = 0
  for (let index = 0; index < RECORDS; index++) {
    const value = `${random(DIRECTORIES)}:${offset}`
    log.push(recordAt(offset, { value, key: value, timestamp: time + random(20) }))
    offset += 1 + (random(8) === 0 ? random(3) : 0)
    time += random(10)
  }
  return log
}

const directoryOf = ({ value }: SinkRecord) => `d=${String(value).split(':')[0]}`

/** Where uploads of a task wait while it is frozen. */
class Ice {
  #thaw: (() => void) | undefined
  #frozen: Promise<void> | undefined

  /** Resolves when it is not frozen. */
  readonly passed = () => this.#frozen

  get frozen(): boolean {
    return this.#frozen !== undefined
  }

  freeze(): void {
    this.#frozen = new Promise((resolve) => {
      this.#thaw = resolve
    })
  }

  thaw(): void {
    this.#thaw?.()
    this.#frozen = undefined
  }
}

/** A task, which can be stopped in the middle of its uploads and go on later. */
class Incarnation extends Simulation {
  readonly ice: Ice

  constructor(bucket: FakeBucket, plan: SinkPlan, log: SinkRecord[], from: number, random: Random) {
    const ice = new Ice()
    const clock = { now: 0 }
    super({ bucket, plan, log, from, now: () => (clock.now += random(3)), beforeStore: ice.passed })
    this.ice = ice
  }
}

interface Kind {
  readonly name: string
  readonly rotation: (random: Random) => Partial<SinkPlan['rotation']>
  readonly views?: SinkPlan['views']
}

const byTime = { flushSize: null, intervalMs: 30, onDirectoryChange: false }
const kinds: readonly Kind[] = [
  { name: 'the same flush.size', rotation: () => ({ flushSize: 7 }), views: [valueView, keyView] },
  { name: 'the same interval', rotation: () => byTime, views: [valueView, keyView] },
  { name: 'another flush.size at each start', rotation: (random) => ({ flushSize: 1 + random(12) }) },
  {
    name: 'rotation by the clock',
    rotation: () => ({ flushSize: null, nextScheduled: (now) => now + 25 }),
  },
  {
    name: 'everything different at each start',
    rotation: (random) => ({
      flushSize: random(2) === 0 ? null : 1 + random(30),
      intervalMs: random(2) === 0 ? null : 1 + random(60),
      onDirectoryChange: random(4) === 0,
      nextScheduled: random(2) === 0 ? null : (now) => now + 10 + random(40),
      maxOpenDirectories: random(3) === 0 ? 1 + random(DIRECTORIES) : null,
    }),
  },
]

async function runAll({ rotation, views }: Kind, seed: number): Promise<void> {
  const random = randomOf(seed)
  const bucket = new FakeBucket()
  bucket.beforeStore = () => {
    if (random(10) === 0) throw unavailable()
  }
  bucket.afterStore = () => {
    if (random(10) === 0) throw unavailable() // the answer is lost
  }
  const log = logOf(random)
  const time = ({ timestamp }: SinkRecord) => timestamp
  const plan = (): SinkPlan =>
    planOf({
      partitioner: { directoryOf, timeOf: time },
      rotation: rotation(random),
      retryBackoffMs: 0,
      ...(views === undefined ? {} : { views }),
    })
  let committed = log[0]?.offset ?? 0
  const zombies: Incarnation[] = []
  for (let start = 0; start < 6; start++) {
    const task = new Incarnation(bucket, plan(), log, committed, random)
    for (let turns = random(12); turns > 0; turns--) {
      await task.put(1 + random(20))
      if (random(2) === 0) await new Promise(setImmediate)
      if (random(3) === 0) await task.stored()
      if (random(2) === 0) committed = checked(bucket, log, await task.commit(), committed)
      for (const zombie of zombies) {
        if (!zombie.ice.frozen && random(4) === 0) await zombie.put(1 + random(20))
      }
    }
    if (random(2) === 0) await task.put(1 + random(20))
    task.ice.freeze()
    zombies.push(task)
    for (const zombie of zombies) if (random(3) === 0) zombie.ice.thaw()
  }
  for (const zombie of zombies) zombie.ice.thaw()
  const last = new Incarnation(
    bucket,
    planOf({ ...plan(), rotation: { flushSize: 1 } }),
    log,
    committed,
    random,
  )
  assert.equal(checked(bucket, log, await last.run(25), committed), (log.at(-1)?.offset ?? 0) + 1)
  for (const zombie of zombies) await zombie.stored()
  for (const task of [last, ...zombies]) await task.close()
  const written = log.map(({ value }) => String(value))
  assert.deepEqual(valuesIn(bucket, '.json').toSorted(), written.toSorted())
  if (views !== undefined) for (const key of bucket.keys) sameKeys(bucket, key)
  assert.equal(bucket.open, 0)
}

/** Checks that everything before a committed offset is in the bucket, and that offsets do not move backward. */
function checked(bucket: FakeBucket, log: readonly SinkRecord[], offset: number, before: number): number {
  assert.ok(offset >= before, `${offset} committed after ${before}`)
  const found = new Set(valuesIn(bucket, '.json'))
  for (const { value, offset: own } of log) {
    if (own < offset) assert.ok(found.has(String(value)), `${own} is not stored, ${offset} is committed`)
  }
  return offset
}

/** The values of all objects. */
function valuesIn(bucket: FakeBucket, extension: string): string[] {
  const keys = bucket.keys.filter((key) => key.endsWith(extension) && !key.endsWith('.keys.json'))
  return keys.flatMap((key) => bucket.lines(key).map((line) => String(JSON.parse(line))))
}

function sameKeys(bucket: FakeBucket, key: string): void {
  if (key.endsWith('.keys.json')) return
  assert.deepEqual(bucket.lines(key.replace('.json', '.keys.json')), bucket.lines(key))
}

for (const kind of kinds) {
  test(`tasks that are killed or frozen store each record once, with ${kind.name}`, async () => {
    for (let seed = 1; seed <= 15; seed++) {
      try {
        await runAll(kind, seed)
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    }
  })
}
