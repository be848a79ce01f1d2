import { messageOf, type ConnectRecord, type SinkRecord, type SourceRecord } from '../../../../api/index.ts'
import { ConversionFailure, stackTraceOf, type Stage } from '../../../errors/index.ts'
import {
  applyOnce,
  readConsumed,
  Serializer,
  type ChainStep,
  type ConsumedRecord,
  type Converters,
  type ConverterWaits,
} from '../../../pipeline/index.ts'
import type { ErrorView, RecordPreview, StepView } from './protocol.ts'
import { bytesView, recordView } from './record-view.ts'

/** The plugins that records pass through. */
export interface PreviewPlugins {
  readonly converters: Converters
  readonly waits: ConverterWaits
  readonly chain: readonly ChainStep[]
}

/** Converts and transforms a record from Kafka, as for a sink. */
export async function previewToSink(
  consumed: ConsumedRecord,
  { converters, waits, chain }: PreviewPlugins,
): Promise<RecordPreview> {
  const { place, bytes } = consumed
  const { topic, partition, offset } = place
  const steps: StepView[] = [
    { step: 'consumed', outcome: 'applied', record: bytesView({ topic, partition, offset }, bytes) },
  ]
  let record: SinkRecord
  try {
    record = await waits.convert(() => readConsumed(converters, consumed))
  } catch (error) {
    steps.push(failedStep('converters', conversionFault(error)))
    return { outcome: 'failed', steps }
  }
  steps.push({ step: 'converters', outcome: 'applied', record: recordView(record) })
  const { outcome } = await previewChain(record, chain, steps)
  return { outcome, steps }
}

/** Transforms and converts a polled record, as for writing it to Kafka. */
export async function previewFromSource(
  polled: SourceRecord,
  { converters, waits, chain }: PreviewPlugins,
): Promise<RecordPreview> {
  const steps: StepView[] = [{ step: 'polled', outcome: 'applied', record: recordView(polled) }]
  const { outcome, record } = await previewChain(polled, chain, steps)
  if (record === null) return { outcome, steps }
  try {
    const serializer = new Serializer(converters)
    const bytes = await waits.convert(() => serializer.convert(record, Date.now()))
    const { topic, partition } = record
    steps.push({ step: 'converters', outcome: 'applied', record: bytesView({ topic, partition }, bytes) })
    return { outcome: 'delivered', steps }
  } catch (error) {
    steps.push(failedStep('converters', conversionFault(error)))
    return { outcome: 'failed', steps }
  }
}

/** Adds the result of each transform; the record is null when it is dropped or fails. */
async function previewChain<R extends ConnectRecord>(
  from: R,
  chain: readonly ChainStep[],
  steps: StepView[],
): Promise<{ readonly outcome: RecordPreview['outcome']; readonly record: R | null }> {
  let record = from
  for (const chainStep of chain) {
    const { alias, className } = chainStep
    const head = { step: `transforms.${alias}`, class: className }
    try {
      if (chainStep.applies?.(record) === false) {
        steps.push({ ...head, outcome: 'not-for-it' })
        continue
      }
      const result = await applyOnce(chainStep, record)
      if (result === null) {
        steps.push({ ...head, outcome: 'dropped' })
        return { outcome: 'dropped', record: null }
      }
      record = result
      steps.push({ ...head, outcome: 'applied', record: recordView(record) })
    } catch (error) {
      steps.push(failedStep(head.step, errorView('TRANSFORMATION', className, error)))
      return { outcome: 'failed', record: null }
    }
  }
  return { outcome: 'delivered', record }
}

const failedStep = (step: string, error: ErrorView): StepView => ({
  step,
  class: error.class,
  outcome: 'failed',
  error,
})

function conversionFault(error: unknown): ErrorView {
  if (!(error instanceof ConversionFailure)) throw error
  return errorView(error.stage, error.executingClass, error.error)
}

const errorView = (stage: Stage, className: string, error: unknown): ErrorView => ({
  stage,
  class: className,
  message: messageOf(error),
  trace: stackTraceOf(error).trimEnd(),
})
