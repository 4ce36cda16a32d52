import { describe, expect, it } from 'vitest'
import { commands, events } from '../../contract/desktop'
import { type Channel, createDesktop } from '../../preload/bridge'

type Page = { readonly path: string }

function connect(): {
  readonly sent: unknown[]
  readonly desktop: ReturnType<typeof createDesktop<Page>>
  push(channel: string, payload: unknown): void
} {
  const sent: unknown[] = []
  const listeners = new Map<string, (payload: unknown) => void>()
  const channel: Channel = {
    invoke: (name, input) => {
      sent.push([name, input])
      return Promise.resolve({ ok: true, value: undefined })
    },
    listen: (name, listener) => {
      listeners.set(name, listener)
      return () => void listeners.delete(name)
    },
  }
  return {
    sent,
    desktop: createDesktop<Page>({ channel, pathOf: (file) => file.path }),
    push: (name, payload) => listeners.get(name)?.(payload),
  }
}

describe('the bridge to the page', () => {
  it('offers every command of the contract and nothing else', () => {
    expect(Object.keys(connect().desktop.commands).toSorted()).toEqual(Object.keys(commands).toSorted())
  })

  it('sends a command on its own channel', async () => {
    const { desktop, sent } = connect()
    await desktop.commands['quota:refresh'](undefined)
    expect(sent).toEqual([['command:quota:refresh', undefined]])
  })

  it('passes events on without the sender’s event object, until unsubscribed', () => {
    const { desktop, push } = connect()
    const heard: unknown[] = []
    const stop = desktop.on('backend:changed', (payload) => heard.push(payload))
    push('event:backend:changed', { kind: 'ready' })
    stop()
    push('event:backend:changed', { kind: 'starting' })
    expect(heard).toEqual([{ kind: 'ready' }])
  })

  it('listens to every event of the contract, and refuses any other name', () => {
    const { desktop } = connect()
    // Safe: the names are the contract's own keys; the last one is a name a hostile script could try.
    for (const name of Object.keys(events) as (keyof typeof events)[]) desktop.on(name, () => undefined)
    expect(() => desktop.on('__proto__' as keyof typeof events, () => undefined)).toThrow('No such event')
  })

  it('sends paths of dropped files, and none where the system gave none', async () => {
    const { desktop, sent } = connect()
    await desktop.takeFiles([{ path: '/a.mp4' }, { path: '' }], () => undefined)
    await desktop.takeFiles([{ path: '' }], () => undefined)
    expect(sent).toEqual([['files:take', ['/a.mp4']]])
  })

  it('cannot be changed by the page', () => {
    const { desktop } = connect()
    expect([Object.isFrozen(desktop), Object.isFrozen(desktop.commands)]).toEqual([true, true])
  })
})
