import { describe, expect, it } from 'vitest'
import type { CommandHandlers } from '../../../contract/desktop'
import { AppError } from '../../../contract/failures'
import { createDispatch } from '../../../main/commands/dispatch'
import { memoryLog } from '../../support/memory-log'

/** A dispatch whose one handler does what the test says; no other handler is reached. */
function dispatchWith(handler: () => Promise<undefined>) {
  const { log, lines } = memoryLog()
  const handlers = { 'sessions:sign-out': handler, 'transfers:pause': handler } as unknown as CommandHandlers
  return { dispatch: createDispatch(handlers, log), lines }
}

describe('the door of the commands', () => {
  it('answers an expected failure as data', async () => {
    const { dispatch } = dispatchWith(() => Promise.reject(new AppError({ code: 'backend-unreachable' })))
    expect(await dispatch('sessions:sign-out', undefined)).toEqual({ ok: false, failure: { code: 'backend-unreachable' } })
  })

  it('logs a bug whole, and tells the page no more than its reference', async () => {
    const { dispatch, lines } = dispatchWith(() => Promise.reject(new TypeError('secret detail at /home/nok')))
    const reply = await dispatch('sessions:sign-out', undefined)
    expect(JSON.stringify(reply)).not.toContain('secret detail')
    expect(reply).toMatchObject({ ok: false, failure: { code: 'unexpected' } })
    expect(lines.join()).toContain('secret detail at /home/nok')
  })

  it.each([
    ['an unknown command', 'app:destroy', undefined],
    ['a name of every object', 'constructor', undefined],
    ['a name that is no text', { name: 'sessions:sign-out' }, undefined],
    ['the wrong shape', 'transfers:pause', { ids: 'all' }],
    ['a prototype', 'transfers:pause', JSON.parse('{"__proto__": ["x"]}')],
    ['ids that are none', 'transfers:pause', ['../../etc/passwd']],
    ['too many ids', 'transfers:pause', Array.from({ length: 10_001 }, () => 'transfer-0001')],
  ])('refuses %s before a handler runs', async (_, name, input) => {
    let isRun = false
    const { dispatch } = dispatchWith(() => {
      isRun = true
      return Promise.resolve(undefined)
    })
    expect(await dispatch(name, input)).toMatchObject({ ok: false, failure: { code: 'invalid-input' } })
    expect(isRun).toBe(false)
  })
})
