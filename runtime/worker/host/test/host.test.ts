import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type {
  ConnectorContext,
  Props,
  SourceConnector,
  SourceTask,
  SourceTaskContext,
  TaskProps,
} from '../../../../api/index.ts'
import { unlimitedLease } from '../../../timing/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import { TaskHost } from '../host.ts'
import { fakeEnvironment, quietSource, quietTask } from './fake-environment.ts'

const props: Props = { 'name': 'c', 'connector.class': 'Quiet', 'tasks.max': '2' }
const id = { connector: 'c', task: 0 }
/** The first start of the connector. */
const start = { name: 'c', owner: 1, run: 1, props }

async function openHost(t: TestContext, changes: Partial<SourceConnector> = {}) {
  const fake = fakeEnvironment(quietSource(changes))
  let flushes = 0
  let lastRun = 0
  const host = new TaskHost(
    async () => fake.environment,
    () => flushes++,
  )
  await host.start({ workerProps: {}, packages: [], logLevels: [], leaseEnd: unlimitedLease().end })
  t.after(() => host.abandonTask(id, lastRun))
  const startTask = (run = 1, { paused = false, taskProps = {}, connectorProps = props } = {}) => {
    lastRun = run
    return host.startTask({
      id,
      owner: 7,
      run,
      connectorProps,
      taskProps,
      taskCount: 1,
      generation: 0,
      paused,
    })
  }
  const stopTask = () => host.stopTask(id, lastRun)
  return { ...fake, host, startTask, stopTask, flushes: () => flushes }
}

test('a host that was not started rejects all calls', async () => {
  const host = new TaskHost(
    () => assert.fail(),
    () => {},
  )
  await assert.rejects(host.startConnector(start), TypeError)
})

test('task configs contain the task class, and the topics of a sink', async (t) => {
  const { host } = await openHost(t, { start: () => ({ taskConfigs: (max) => [{ max: String(max) }] }) })
  const started = await host.startConnector({ ...start, props: { ...props, topics: 'a,b' } })
  assert.deepEqual(started, { version: '1.2', failure: undefined, ttlMs: undefined })
  assert.deepEqual(await host.taskConfigs('c'), [{ 'max': '2', 'task.class': 'QuietTask', 'topics': 'a,b' }])
})

test('the start of a failing connector rejects with the reason, and the connector is not kept', async (t) => {
  const { host } = await openHost(t, {
    start: () => {
      throw new RangeError('no such place')
    },
  })
  const { failure, version } = await host.startConnector(start)
  assert.deepEqual([failure?.message, version], ['no such place', '1.2'])
  await assert.rejects(host.taskConfigs('c'), /Connector c is not started/)
})

test('settings that cannot start a connector are rejected', async (t) => {
  const { host } = await openHost(t)
  const startWith = (more: Props) => host.startConnector({ ...start, props: { ...props, ...more } })
  await assert.rejects(startWith({ 'connector.class': 'Unknown' }), { code: 'HR_BAD_REQUEST' })
  await assert.rejects(startWith({ 'tasks.max': 'many' }), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'tasks.max',
  })
  await assert.rejects(host.taskConfigs('c'), /not started/)
})

test('misspelt settings are logged once per start of a connector, and not by its tasks', async (t) => {
  const file = { type: 'string', default: null, importance: 'high', doc: 'File to read.' } as const
  const { host, lines, heard, startTask } = await openHost(t, { config: { file } })
  const misspelt = {
    ...props,
    'fiel': '/a',
    'task.max': '1',
    'transfroms': 'x',
    'vale.converter': 'Unused',
    'errors.tolerence': 'all',
  }
  await host.startConnector({ ...start, props: misspelt })
  await startTask(1, { connectorProps: misspelt })
  await eventually(() => heard.includes('0 running, run 1, version 1.2'))

  const warnings = lines.filter(({ level }) => level === 'WARN')
  assert.equal(warnings.length, 1)
  assert.deepEqual(warnings[0]?.fields['settings'], [
    'fiel: No such setting; did you mean file?',
    'task.max: No such setting; did you mean tasks.max?',
    'transfroms: No such setting; did you mean transforms?',
    'vale.converter: No such setting; did you mean value.converter?',
    'errors.tolerence: No such setting; did you mean errors.tolerance?',
  ])
})

test('a connector that generates too many tasks fails', async (t) => {
  const { host, heard, traces } = await openHost(t, { start: () => ({ taskConfigs: () => [{}, {}, {}] }) })
  await host.startConnector(start)
  await assert.rejects(host.taskConfigs('c'), { code: 'HR_TOO_MANY_TASKS' })
  assert.deepEqual(heard, ['c failed, version 1.2'])
  assert.match(traces[0] ?? '', /has generated 3 tasks, which is greater than 2/)
})

test('events of a stopped connector are ignored, and its log lines are forwarded', async (t) => {
  let context: ConnectorContext | undefined
  const { host, heard, flushes } = await openHost(t, {
    start: (_config, given) => {
      context = given
      return { taskConfigs: () => [] }
    },
  })
  await host.startConnector(start)
  context?.requestTaskReconfiguration()
  context?.fail(new RangeError('lost the connection'))
  await host.stopConnector('c', 1)
  context?.requestTaskReconfiguration()
  context?.fail(new RangeError('lost it again'))

  assert.deepEqual(heard, ['c wants other tasks', 'c failed, version 1.2'])
  assert.equal(flushes(), 1)
})

test('a connector that throws when it is stopped is still removed', async (t) => {
  const stop = () => {
    throw new RangeError('busy')
  }
  const { host } = await openHost(t, { start: () => ({ taskConfigs: () => [], stop }) })
  await host.startConnector(start)
  await assert.rejects(host.stopConnector('c', 1), RangeError)
  await assert.rejects(host.taskConfigs('c'), /not started/)
})

test('a task reports each change once: running, paused, resumed and stopped', async (t) => {
  const { host, startTask, stopTask, heard, flushes } = await openHost(t, {
    openTask: () => ({ poll: async () => [] }),
  })
  await startTask(3)
  await eventually(() => heard.length === 1)
  host.setTaskPaused(id, true)
  await eventually(() => heard.length === 2)
  host.setTaskPaused(id, false)
  await eventually(() => heard.length === 3)
  await stopTask()

  assert.deepEqual(heard, [
    '0 running, run 3, version 1.2',
    '0 paused, run 3',
    '0 running, run 3, version 1.2',
    '0 ended, run 3',
  ])
  assert.equal(flushes(), 1)
})

test('a task that starts paused is not opened until it is resumed', async (t) => {
  let opened = 0
  const { host, startTask, stopTask, heard } = await openHost(t, {
    openTask: () => {
      opened++
      return quietTask
    },
  })
  await startTask(1, { paused: true })
  await eventually(() => heard.length === 1)
  assert.deepEqual([heard, opened], [['0 paused, run 1'], 0])

  host.setTaskPaused(id, false)
  await eventually(() => heard.length === 2)
  assert.equal(opened, 1)
  await stopTask()
})

test('a failed task reports its version only if it was created', async (t) => {
  const { startTask, stopTask, heard, traces } = await openHost(t, {
    openTask: () => {
      throw new RangeError('no such table')
    },
  })
  await startTask(1)
  await eventually(() => heard.length === 1)
  await stopTask()
  await startTask(2, { connectorProps: { 'connector.class': 'Unknown' } })
  await eventually(() => heard.length === 2)

  assert.deepEqual(heard, ['0 failed, run 1, version 1.2', '0 failed, run 2, version null'])
  assert.match(traces[0] ?? '', /no such table/)
  assert.match(traces[1] ?? '', /which name matches Unknown/)
})

test('a task that fails while it is stopping counts as stopped', async (t) => {
  const { startTask, stopTask, heard } = await openHost(t, {
    openTask: () => ({
      poll: (signal) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new RangeError('interrupted')), { once: true }),
        ),
    }),
  })
  await startTask()
  await eventually(() => heard.length === 1)
  await stopTask()
  assert.equal(heard.at(-1), '0 ended, run 1')
})

test('a hanging task is abandoned with one warning, and its events are ignored', async (t) => {
  const hung = gate<never[]>()
  const { host, startTask, stopTask, heard, lines } = await openHost(t, {
    openTask: () => ({ poll: () => hung.opened }),
  })
  await startTask()
  await eventually(() => heard.length === 1)
  const stopped = stopTask()
  await settle()
  await host.abandonTask(id, 1)
  const warnings = lines.filter(({ level }) => level === 'WARN').map(({ message }) => message)

  hung.open([])
  await stopped
  assert.deepEqual(heard, ['0 running, run 1, version 1.2'])
  assert.deepEqual(warnings, [
    'the task did not stop in time and is abandoned; its code may still be running, and at its next start records after its last committed offsets are delivered again',
  ])
  assert.equal(lines.at(-1)?.message, warnings[0])
})

test('the end of an abandoned task whose code returns later is logged', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  const open = gate<SourceTask>()
  const { host, startTask, stopTask, lines } = await openHost(t, { openTask: () => open.opened })
  await startTask()
  await settle()
  const stopped = stopTask()
  await host.abandonTask(id, 1)
  t.mock.timers.tick(12_000)
  open.open(quietTask)
  await stopped
  assert.equal(lines.at(-1)?.message, 'the abandoned task has stopped, 12 s late')
})

test('a task that is started during an earlier run replaces it', async (t) => {
  const { startTask, stopTask, heard } = await openHost(t)
  await startTask(1)
  await eventually(() => heard.length === 1)
  await startTask(2)
  await eventually(() => heard.length === 2)
  await stopTask()
  assert.deepEqual(heard, [
    '0 running, run 1, version 1.2',
    '0 running, run 2, version 1.2',
    '0 ended, run 2',
  ])
})

test('an uncaught error fails only the task whose code threw it', async (t) => {
  const { host, startTask, heard, traces } = await openHost(t)
  await host.startConnector({ ...start, owner: 8 })
  await startTask()
  await eventually(() => heard.length === 1)

  assert.equal(host.uncaught(undefined, new RangeError('whose?')), false)
  assert.equal(host.uncaught(9, new RangeError('whose?')), false)
  assert.equal(host.uncaught(7, new RangeError('in a timer')), true)
  assert.equal(host.uncaught(8, new RangeError('in a callback')), true)
  assert.deepEqual(heard.slice(1), ['0 failed, run 1, version 1.2', 'c failed, version 1.2'])
  assert.deepEqual(
    traces.map((trace) => trace.split(': ').at(-1)),
    ['in a timer', 'in a callback'],
  )
})

test('a connector that is stopped while it starts is stopped after the start', async (t) => {
  const slow = gate()
  let stops = 0
  const { host } = await openHost(t, {
    start: async () => {
      await slow.opened
      return { taskConfigs: () => [], stop: () => void stops++ }
    },
  })
  const starting = host.startConnector(start)
  await settle()
  const stopped = host.stopConnector('c', 1)
  slow.open()
  await stopped

  assert.equal(stops, 1)
  assert.match((await starting).failure?.message ?? '', /Connector c was stopped while it was starting/)
  await assert.rejects(host.taskConfigs('c'), /not started/)
})

test('calls of a connector that do not return block it', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const starting = gate()
  const configs = gate<TaskProps[]>()
  const { host, heard, lines } = await openHost(t, {
    start: async () => {
      await starting.opened
      return { taskConfigs: () => configs.opened }
    },
  })
  const started = host.startConnector(start)
  await settle()
  t.mock.timers.tick(30_000)
  starting.open()
  await started
  const asked = host.taskConfigs('c')
  await settle()
  t.mock.timers.tick(30_000)
  configs.open([])
  await asked
  assert.deepEqual(heard, [
    'c blocked: start() has not returned',
    'c blocked: no more',
    'c blocked: taskConfigs() has not returned',
    'c blocked: no more',
  ])
  const warnings = lines.filter(({ level }) => level === 'WARN').map(({ message }) => message)
  assert.match(warnings.join('; '), /^connector c: start\(\) was .*; connector c: taskConfigs\(\) was /)
})

test('a task whose openTask does not return is blocked, until it is abandoned', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { host, startTask, stopTask, lines } = await openHost(t, { openTask: () => gate<never>().opened })
  const blocked = () => host.changedMetrics().map(({ metrics }) => metrics.blocked?.reason)
  await startTask()
  await settle()
  t.mock.timers.tick(30_000)
  assert.deepEqual(blocked(), ['openTask() has not returned'])
  assert.match(lines.at(-1)?.message ?? '', /^task c-0: openTask\(\) was called at .* and has not returned$/)

  void stopTask()
  assert.deepEqual(blocked(), [undefined])
  await host.abandonTask(id, 1)
  lines.length = 0
  t.mock.timers.tick(600_000)
  assert.deepEqual(lines, [])
})

test('a task whose config provider does not return is blocked', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { host, startTask, lines, providers } = await openHost(t)
  providers.set('slow', { get: () => gate<never>().opened })
  await startTask(1, { connectorProps: { ...props, password: '${slow:path:key}' } })
  await settle()
  t.mock.timers.tick(30_000)
  assert.deepEqual(
    host.changedMetrics().map(({ metrics }) => metrics.blocked?.reason),
    ['get() of a config provider has not returned'],
  )
  assert.match(
    lines.at(-1)?.message ?? '',
    /^task c-0: get\(\) of a config provider was called at .* and has not returned$/,
  )
})

test('a connector that is stopped before its plugin is called is never started', async (t) => {
  const { host } = await openHost(t, { start: () => assert.fail('it was started') })
  const starting = host.startConnector(start)
  await Promise.all([assert.rejects(starting, /stopped while it was starting/), host.stopConnector('c', 1)])
})

test('a start after the stop of its run is rejected, and a later run starts', async (t) => {
  const { host, startTask, heard } = await openHost(t)
  await host.stopTask(id, 4)
  await startTask(4)
  await host.stopConnector('c', 1)
  await assert.rejects(host.startConnector(start), /Connector c was stopped before it was started/)
  await startTask(5)
  await host.startConnector({ ...start, run: 2 })
  await eventually(() => heard.length === 1)
  assert.deepEqual(heard, ['0 running, run 5, version 1.2'])
  await host.taskConfigs('c')
})

test('the stop of an earlier run does not affect a later one', async (t) => {
  const { host, startTask, stopTask, heard } = await openHost(t)
  await startTask(2)
  await host.startConnector({ ...start, run: 2 })
  await eventually(() => heard.length === 1)
  await host.abandonTask(id, 1)
  await Promise.all([host.stopTask(id, 1), host.stopConnector('c', 1)])
  await host.taskConfigs('c')
  await stopTask()
  assert.equal(heard.at(-1), '0 ended, run 2')
})

test('metrics are reported when they change, with their run', async (t) => {
  let records = 1
  const { host, startTask, stopTask } = await openHost(t, {
    openTask: () => ({
      poll: async () => {
        await settle()
        return records-- > 0 ? [] : quietTask.poll(new AbortController().signal)
      },
    }),
  })
  await startTask(3)
  const first = host.changedMetrics()
  assert.deepEqual(
    first.map(({ id: task, run }) => [task, run]),
    [[id, 3]],
  )
  await settle()
  assert.deepEqual(host.changedMetrics(), [])
  await host.abandonTask(id, 3)
  await stopTask()
})

test('progress and metrics of a plugin are reported when they change', async (t) => {
  let context: SourceTaskContext | undefined
  const { host, startTask, stopTask, heard } = await openHost(t, {
    openTask: (_config, given) => {
      context = given
      return quietTask
    },
  })
  const told = () => host.changedMetrics().map(({ metrics }) => [metrics.progress, metrics.plugin])
  await startTask()
  await eventually(() => heard.length > 0)
  told()

  const rows = context?.metrics.counter('rows', { unit: 'records', doc: 'Rows.' })
  context?.progress({ phase: 'snapshot', done: 1, total: 2 })
  rows?.add(3)
  const metric = { name: 'rows', type: 'counter', unit: 'records', doc: 'Rows.' }
  assert.deepEqual(told(), [[{ phase: 'snapshot', done: 1, total: 2 }, [{ ...metric, value: 3 }]]])
  assert.deepEqual(told(), [])
  rows?.add()
  context?.progress(null)
  assert.deepEqual(told(), [[null, [{ ...metric, value: 4 }]]])
  await stopTask()
})

test('a task that calls fail is reported as failed with the error', async (t) => {
  let context: SourceTaskContext | undefined
  const { startTask, stopTask, heard, traces } = await openHost(t, {
    openTask: (_config, given) => {
      context = given
      return quietTask
    },
  })
  await startTask()
  await eventually(() => context !== undefined)
  context?.fail(new RangeError('the slot is gone'))
  await eventually(() => heard.length === 2)

  assert.deepEqual(heard, ['0 running, run 1, version 1.2', '0 failed, run 1, version 1.2'])
  assert.match(traces[0] ?? '', /the slot is gone/)
  await stopTask()
})

test('log levels set while plugins are loading stay in effect', async () => {
  const loading = gate()
  const { environment } = fakeEnvironment(quietSource())
  const host = new TaskHost(
    async () => {
      await loading.opened
      return environment
    },
    () => {},
  )
  const started = host.start({ workerProps: {}, packages: [], logLevels: [], leaseEnd: unlimitedLease().end })
  const { levels } = environment.loggers
  levels.set('headrace.kafka', 'DEBUG', 1)
  const wanted = levels.export()
  levels.replaceAll([])
  host.setLogLevels(wanted)
  loading.open()
  await started
  assert.deepEqual(levels.export(), wanted)
})

test('an invalid producer setting is detected before the dead-letter queue connects to a broker', async (t) => {
  const { startTask, heard, traces } = await openHost(t)
  const connectorProps = {
    ...props,
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': 'dead',
    'producer.override.acks': 'some',
  }
  await startTask(1, { connectorProps })
  await eventually(() => heard.length > 0)

  assert.deepEqual(heard, ['0 failed, run 1, version 1.2'])
  assert.match(traces[0] ?? '', /acks/)
})
