import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { forkProgram } from '../../../main/browser/fork-program'
import { createInspector } from '../../../main/uploads/inspect'
import { createSourceHandles } from '../../../main/uploads/source-handles'
import { temporaryFolder } from '../../support/temporary-folder'
import { programDir } from '../../support/transfers-backend'
import { makeVideo } from '../../support/videos'

/** Runs `work` as somebody to whom modes apply: for root no folder is closed. */
async function asNobody<Value>(folder: string, work: () => Promise<Value>): Promise<Value> {
  if (process.geteuid?.() !== 0) return await work()
  chmodSync(folder, 0o755)
  process.seteuid?.('nobody')
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}

async function inspectAll(spoolDir: string, paths: readonly string[]) {
  const sources = createSourceHandles({ spoolDir })
  using inspector = createInspector({ forkProgram, programDir })
  const files = (await sources.fromPaths(paths)).flatMap((handle) => sources.get(handle) ?? [])
  const inspections = await inspector.inspect(files, { quota: null, queued: [] })
  return { files, inspections }
}

describe('a look at files before anything is sent', () => {
  it('measures videos of every kind, and remembers what it found for the upload', async () => {
    using folder = temporaryFolder()
    const names = ['a.mp4', 'b.mov', 'c.mkv', 'd.webm']
    const paths = await Promise.all(names.map((name) => makeVideo({ name, seconds: 3 })))
    const { files, inspections } = await inspectAll(folder.path, paths)
    expect(inspections.map(({ name, verdict }) => [name, verdict.kind])).toEqual(names.map((name) => [name, 'fits']))
    for (const { durationSeconds } of inspections) expect(durationSeconds).toBeCloseTo(3, 0)
    expect(files.map(({ facts }) => facts?.mediaType)).toEqual([
      'video/mp4',
      'video/quicktime',
      expect.any(String),
      'video/webm',
    ])
  })

  it('refuses in words what cannot be sent', async () => {
    using folder = temporaryFolder()
    const at = (name: string): string => join(folder.path, name)
    const video = await makeVideo({ name: 'whole.mov', seconds: 3 })
    writeFileSync(at('empty.mp4'), '')
    writeFileSync(at('text.mp4'), 'just some text, whatever its name says')
    copyFileSync(video, at('truncated.mov'))
    truncateSync(at('truncated.mov'), 20_000)
    symlinkSync(video, at('link.mov'))
    mkdirSync(at('folder.mp4'))
    const paths = ['empty.mp4', 'text.mp4', 'truncated.mov', 'link.mov', 'missing.mp4'].map(at)
    const { inspections } = await inspectAll(folder.path, paths)
    const codes = inspections.map(({ verdict }) => (verdict.kind === 'refused' ? verdict.failure.code : verdict.kind))
    expect(codes).toEqual(['file-empty', 'not-a-video', 'not-a-video', 'not-a-regular-file', 'file-missing'])
  })
})

describe('handles of files', () => {
  it('open folders: videos by extension, nothing hidden, no link followed, in the order of their names', async () => {
    using folder = temporaryFolder()
    const at = (...parts: string[]): string => join(folder.path, ...parts)
    mkdirSync(at('in', 'sub'), { recursive: true })
    mkdirSync(at('in', '.hidden'))
    mkdirSync(at('elsewhere'))
    const names = [
      'in/10.mp4',
      'in/9.MP4',
      'in/notes.txt',
      'in/.secret.mp4',
      'in/.hidden/x.mp4',
      'in/sub/z.webm',
      'elsewhere/y.mp4',
    ]
    for (const name of names) writeFileSync(at(name), 'x')
    symlinkSync(at('elsewhere'), at('in', 'link'))
    const sources = createSourceHandles({ spoolDir: at('spool') })
    const handles = await sources.fromPaths([at('in')])
    expect(handles.map((handle) => sources.get(handle)?.name)).toEqual(['9.MP4', '10.mp4', 'z.webm'])
  })

  it('of a folder with a part that nobody may open are those of the rest, and that part by its name', async () => {
    using folder = temporaryFolder()
    const at = (...parts: string[]): string => join(folder.path, ...parts)
    mkdirSync(at('in'))
    writeFileSync(at('in', 'a.mp4'), 'x')
    mkdirSync(at('in', 'closed'), { mode: 0 })
    const sources = createSourceHandles({ spoolDir: at('spool') })
    const handles = await asNobody(folder.path, () => sources.fromPaths([at('in')]))
    expect(handles.map((handle) => sources.get(handle)?.name)).toEqual(['a.mp4', 'closed'])
  })

  it('are good for nothing once they are forgotten, and discarding removes a spooled copy and no other file', async () => {
    using folder = temporaryFolder()
    const spoolDir = join(folder.path, 'spool')
    const copy = join(spoolDir, 'abc', 'file')
    const own = join(folder.path, 'own.mp4')
    mkdirSync(join(spoolDir, 'abc'), { recursive: true })
    writeFileSync(copy, 'x')
    writeFileSync(own, 'x')
    const sources = createSourceHandles({ spoolDir })
    const spooled = sources.fromSpool({ path: copy, name: 'named.mp4' })
    const pretended = sources.fromSpool({ path: own, name: 'own.mp4' })
    const [picked] = await sources.fromPaths([own])
    if (picked === undefined) throw new Error('One was picked')
    await sources.discard([spooled, pretended, picked])
    expect([spooled, pretended, picked].map((handle) => sources.get(handle))).toEqual([null, null, null])
    expect([existsSync(copy), existsSync(own)]).toEqual([false, true])
  })
})
