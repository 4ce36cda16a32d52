import { afterEach, describe, expect, it } from 'vitest'
import { createMediaProber } from '../../backend/videos/media-prober'
import { builtProgram } from '../support/backend'
import { makeVideo } from '../support/videos'

const { execPath } = process

afterEach(() => {
  process.execPath = execPath
})

describe('the media prober', () => {
  it('blames no file for a program that cannot be started, and looks at it once it can', async () => {
    const path = await makeVideo({ name: 'unstarted.mp4', seconds: 3 })
    await using prober = createMediaProber({ program: builtProgram('media-probe.js'), readableFolders: [path] })
    process.execPath = '/nowhere/node'
    expect(await prober.probe(path)).toMatchObject({ kind: 'unreadable' })
    process.execPath = execPath
    expect((await prober.probe(path)).kind).toBe('video')
  })
})
