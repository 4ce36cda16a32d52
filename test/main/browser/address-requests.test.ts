import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type AddressAnswer, answerAddressRequests, requestAddress } from '../../../main/browser/address-requests'
import { temporaryFolder } from '../../support/temporary-folder'

const addressOf = (turn: number): string => `http://127.0.0.1:8000/#token=${String(turn).padStart(43, 'x')}`
const opened: Disposable[] = []
afterEach(() => {
  for (const each of opened.splice(0).toReversed()) each[Symbol.dispose]()
})

function newFolder(): string {
  const folder = temporaryFolder()
  opened.push(folder)
  return folder.path
}

/** An app that hands out addresses, each another one. */
async function startApp(folder: string): Promise<Disposable> {
  let turn = 0
  const app = await answerAddressRequests(folder, ({ isOpening }): AddressAnswer => {
    turn += 1
    return { address: addressOf(turn), redirectFile: isOpening ? '/a/file' : null }
  })
  opened.push(app)
  return app
}

const socketOf = (folder: string): string => {
  const { path } = JSON.parse(readFileSync(join(folder, 'app.door'), 'utf8')) as { path: string }
  return path
}

describe('a start while the app runs', () => {
  it('gets an address of its own each time, and a file where it opens a browser', async () => {
    const folder = newFolder()
    await startApp(folder)
    expect(await requestAddress(folder, { isOpening: false })).toEqual({ address: addressOf(1), redirectFile: null })
    expect(await requestAddress(folder, { isOpening: true })).toEqual({ address: addressOf(2), redirectFile: '/a/file' })
  })

  it('waits for an app that is itself starting, past what a killed one left behind', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'app.door'), JSON.stringify({ path: join(folder, 'app.sock') }))
    writeFileSync(join(folder, 'app.sock'), '')
    const asked = requestAddress(folder, { isOpening: false })
    await startApp(folder)
    expect(await asked).toEqual({ address: addressOf(1), redirectFile: null })
  })

  it('works in a folder whose name is longer than that of a socket may be', async () => {
    const folder = join(newFolder(), 'x'.repeat(120))
    mkdirSync(folder)
    const app = await startApp(folder)
    expect(statSync(join(socketOf(folder), '..')).mode & 0o777).toBe(0o700)
    expect(await requestAddress(folder, { isOpening: false })).toEqual({ address: addressOf(1), redirectFile: null })
    const path = socketOf(folder)
    app[Symbol.dispose]()
    expect(existsSync(join(path, '..'))).toBe(false)
  })

  it('is for this person alone, and gone with the app', async () => {
    const folder = newFolder()
    const app = await startApp(folder)
    expect(statSync(socketOf(folder)).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'app.door')).mode & 0o777).toBe(0o600)
    app[Symbol.dispose]()
    expect(existsSync(join(folder, 'app.door'))).toBe(false)
  })

  it.each([
    ['nonsense', 'hello\n'],
    ['another question', '{"isOpening":true,"folder":"/"}\n'],
    ['no end', 'x'.repeat(2_000)],
  ])('is told nothing for %s', async (_, text) => {
    const folder = newFolder()
    await startApp(folder)
    const socket = connect(socketOf(folder))
    socket.on('error', () => undefined)
    socket.write(text)
    let heard = ''
    socket.on('data', (chunk) => (heard += String(chunk)))
    await new Promise((resolve) => socket.on('close', resolve))
    expect(heard).toBe('')
  })

  it('takes no address but that of a page on loopback', async () => {
    const folder = newFolder()
    opened.push(await answerAddressRequests(folder, () => ({ address: 'http://evil.example/#token=x', redirectFile: null })))
    expect(await requestAddress(folder, { isOpening: false, patienceMs: 0 })).toBeNull()
  })
})
