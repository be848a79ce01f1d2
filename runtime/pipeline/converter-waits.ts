import { ConnectError, isNotReady, type NotReady } from '../../api/index.ts'
import {
  ConversionFailure,
  ConversionInterrupted,
  type ErrorHandler,
  type RecordFailure,
  type Resolution,
} from '../errors/index.ts'
import type { Outages } from '../kafka/index.ts'
import { onAbort, startTimer, unlessAborted } from '../timing/index.ts'

/**
 * Calls `until` with a signal that ends its wait early. Returns when to convert the record again, whether or not the
 * converter is ready. Throws a {@link ConversionInterrupted} to leave the record for later; any other error is its
 * failure.
 */
export type Wait = (until: (signal: AbortSignal) => Promise<void>) => Promise<void>

/** Where a wait is shown. */
export type WaitReports = Pick<Outages, 'failing' | 'recovered'>

/** Fails a record whose converter would never become ready. Allows for a record with many headers. */
const MOST_WAITS = 100

/** Waits for converters that throw `NotReady`, for one record at a time. */
export class ConverterWaits {
  readonly #wait: Wait
  readonly #reports: WaitReports | undefined

  constructor(wait: Wait, reports?: WaitReports) {
    this.#wait = wait
    this.#reports = reports
  }

  /** Calls `convert` until all its converters are ready. Throws the {@link ConversionFailure} of the record. */
  async convert<T>(convert: () => T): Promise<T> {
    try {
      return convert()
    } catch (error) {
      if (!isUnready(error)) throw error
      return this.#convertAfter(error, convert)
    }
  }

  /**
   * Resolves a failed conversion: waits for a converter that is not ready, and passes any other failure to the handler.
   * Throws the same errors as {@link ErrorHandler.resolve}.
   */
  async resolve<T>(
    handler: ErrorHandler,
    failure: ConversionFailure,
    about: Pick<RecordFailure, 'record' | 'consumed' | 'bytes'>,
    convert: () => T,
  ): Promise<Resolution<T>> {
    const again = () => this.convert(convert)
    let last = failure
    if (isUnready(failure)) {
      try {
        return { value: await this.#convertAfter(failure, convert) }
      } catch (error) {
        if (!(error instanceof ConversionFailure)) throw error
        last = error
      }
    }
    const { stage, executingClass, error } = last
    return handler.resolve({ stage, executingClass, error, ...about }, again)
  }

  async #convertAfter<T>(unready: Unready, convert: () => T): Promise<T> {
    let last = unready
    for (let waits = 0; waits < MOST_WAITS;) {
      if (await this.#ready(last)) waits++
      try {
        return convert()
      } catch (error) {
        if (!isUnready(error)) throw error
        last = error
      }
    }
    throw neverReady(last)
  }

  /** Resolves to false when the wait has ended early. */
  async #ready({ stage, executingClass, error }: Unready): Promise<boolean> {
    const settled = error.ready.catch((reason: unknown) => {
      throw new ConversionFailure(stage, executingClass, reason)
    })
    settled.catch(() => {}) // the wait may end before
    const reason = `the converter ${executingClass} is ${error.message}`
    this.#reports?.failing(this, { reason, unreachable: false, over: 'the converter is ready' }, false)
    let ready = false
    let interrupted = false
    try {
      await this.#wait(async (signal) => {
        await unlessAborted(settled, signal)
        ready = true
      })
      return ready
    } catch (failed) {
      interrupted = failed instanceof ConversionInterrupted
      if (interrupted || failed instanceof ConversionFailure) throw failed
      throw new ConversionFailure(stage, executingClass, failed)
    } finally {
      if (!interrupted) this.forget()
    }
  }

  /** Ends the report of an interrupted wait, which otherwise lasts until the next wait is over. */
  forget(): void {
    this.#reports?.recovered(this)
  }
}

/** Waits for at most `ms`, or until the signal is aborted, and then throws the error that `late` returns. */
export function waitAtMost(ms: number, signal: AbortSignal, late: () => Error): Wait {
  return async (until) => {
    const over = new AbortController()
    const end = () => over.abort(late())
    const forgetAbort = onAbort(signal, end)
    const timer = startTimer(ms, end)
    if (signal.aborted) end()
    try {
      await until(over.signal)
    } finally {
      timer.cancel()
      forgetAbort()
    }
  }
}

type Unready = ConversionFailure & { readonly error: NotReady }

function isUnready(error: unknown): error is Unready {
  return error instanceof ConversionFailure && isNotReady(error.error)
}

function neverReady({ stage, executingClass, error }: Unready): ConversionFailure {
  const message = `The converter ${executingClass} threw NotReady ${MOST_WAITS} times for one record, each time after the promise of the last one had resolved; the last one was: ${error.message}`
  return new ConversionFailure(stage, executingClass, new ConnectError('HR_CONNECT', message))
}
