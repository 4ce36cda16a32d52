import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { realDisk } from '../../backend/blobs/blob-disk'
import { PartialWriter, type WritableFile } from '../../backend/blobs/partial-writer'

const mebibyte = 1024 * 1024

/** A disk in memory that keeps a diary, and fails where it is told to. */
function fakeDisk(failing: { readonly write?: number; readonly flush?: number; readonly takesBytes?: number } = {}) {
  const diary: string[] = []
  const content: Buffer[] = []
  let [writes, flushes, written] = [0, 0, 0]
  const file: WritableFile = {
    writev: async (chunks, position) => {
      if ((writes += 1) === failing.write) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
      expect(position).toBe(written)
      const all = Buffer.concat(chunks).subarray(0, failing.takesBytes)
      content.push(all)
      written += all.length
      return all.length
    },
    datasync: async () => {
      const upTo = written
      if ((flushes += 1) === failing.flush) throw Object.assign(new Error('broken disk'), { code: 'EIO' })
      diary.push(`flushed ${upTo / mebibyte}`)
    },
  }
  return { file, diary, bytes: () => Buffer.concat(content), flushes: () => flushes }
}

function writerOn(disk: ReturnType<typeof fakeDisk>, options: { commitsOnTheWay?: boolean; now?: () => number } = {}) {
  const failures: unknown[] = []
  const writer = new PartialWriter({
    file: disk.file,
    offsetBytes: 0,
    commitsOnTheWay: options.commitsOnTheWay ?? true,
    now: options.now ?? (() => 0),
    commit: async (offsetBytes) => void disk.diary.push(`committed ${offsetBytes / mebibyte}`),
    onRoom: () => undefined,
    onFailure: (error) => failures.push(error),
  })
  return { writer, failures }
}

describe('the writer behind an upload', () => {
  it('commits an offset only after its bytes were flushed', async () => {
    const disk = fakeDisk()
    const { writer } = writerOn(disk)
    for (let count = 0; count < 40; count += 1) {
      writer.push(Buffer.alloc(mebibyte, count))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await writer.settle()).toBe(40 * mebibyte)
    let flushed = 0
    for (const line of disk.diary) {
      const [what, amount] = line.split(' ')
      if (what === 'flushed') flushed = Number(amount)
      else expect(Number(amount)).toBeLessThanOrEqual(flushed)
    }
    expect(disk.diary.at(-1)).toBe('committed 40')
    expect(disk.bytes().length).toBe(40 * mebibyte)
  })

  it('asks for a pause before more than 16 MiB hang in the air', () => {
    const { writer } = writerOn(fakeDisk())
    let pushed = 0
    while (!writer.isFull) {
      writer.push(Buffer.alloc(mebibyte))
      pushed += 1
    }
    expect(pushed).toBeLessThanOrEqual(16)
  })

  it('commits what a slow line brought after two seconds', async () => {
    let now = 0
    const disk = fakeDisk()
    const { writer } = writerOn(disk, { now: () => now })
    writer.push(Buffer.alloc(mebibyte))
    now = 3000
    writer.push(Buffer.alloc(mebibyte))
    await expect.poll(() => writer.committedBytes).toBeGreaterThanOrEqual(mebibyte)
  })

  it('writes on where the disk took only a part', async () => {
    const disk = fakeDisk({ takesBytes: 300_000 })
    const { writer } = writerOn(disk)
    const sent = Buffer.from(Array.from({ length: 2 * mebibyte }, (_, index) => index % 251))
    for (let at = 0; at < sent.length; at += 65_536) writer.push(sent.subarray(at, at + 65_536))
    await writer.settle()
    expect(disk.bytes().equals(sent)).toBe(true)
  })

  it('never commits after a failed flush, and never flushes again', async () => {
    const disk = fakeDisk({ flush: 1 })
    const { writer, failures } = writerOn(disk)
    for (let count = 0; count < 9; count += 1) writer.push(Buffer.alloc(mebibyte))
    await expect(writer.settle()).rejects.toThrow('broken disk')
    writer.push(Buffer.alloc(9 * mebibyte))
    await expect(writer.settle()).rejects.toThrow('broken disk')
    await writer.stop()
    expect([disk.diary, failures.length, disk.flushes(), writer.committedBytes]).toEqual([[], 1, 1, 0])
  })

  it('stops at a failed write with what was committed before it', async () => {
    const disk = fakeDisk({ write: 2 })
    const { writer, failures } = writerOn(disk)
    writer.push(Buffer.alloc(mebibyte))
    expect(await writer.settle()).toBe(mebibyte)
    writer.push(Buffer.alloc(mebibyte))
    await expect(writer.settle()).rejects.toThrow('no space')
    expect([failures.length, writer.committedBytes]).toEqual([1, mebibyte])
  })

  it('commits a checked body as a whole or not at all', async () => {
    const disk = fakeDisk()
    const { writer } = writerOn(disk, { commitsOnTheWay: false })
    for (let count = 0; count < 40; count += 1) {
      writer.push(Buffer.alloc(mebibyte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(disk.diary).toEqual([])
    await writer.settle()
    expect(disk.diary).toEqual(['flushed 40', 'committed 40'])
  })

  it('gives back the memory of what is on the disk, and leaves alone what shares its memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reelport-writer-'))
    try {
      const path = join(folder, 'partial')
      await using file = await realDisk.open(path, 'new')
      const own = Array.from({ length: 20 }, (_, index) => Buffer.from(new ArrayBuffer(65_536)).fill(index))
      const shared = Buffer.from(new ArrayBuffer(4 * 65_536)).fill(99)
      const expected = Buffer.concat([...own, shared])
      const { writer } = writerOn({ ...fakeDisk(), file })
      for (const chunk of own) writer.push(chunk)
      for (let at = 0; at < shared.length; at += 65_536) writer.push(shared.subarray(at, at + 65_536))
      await writer.settle()
      expect(readFileSync(path).equals(expected)).toBe(true)
      expect(own.map(({ length }) => length)).toEqual(own.map(() => 0))
      expect(shared.length).toBe(4 * 65_536)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
