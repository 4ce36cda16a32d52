import { describe, expect, it } from 'vitest'
import { presetsSchema } from '../../contract/presets'
import { startTestBackend } from '../support/backend'
import { auditLog } from '../support/staff'

describe('named limits', () => {
  it('are made, changed and removed by staff alone, on record, and touch nobody', async () => {
    await using server = await startTestBackend()
    const staff = await server.signUp('haddad')
    const user = await server.signUp('nok')
    const school = { name: 'Film school', maxVideos: 50, maxDurationMinutes: 90.5, maxFileSizeMB: null }
    const list = async () => presetsSchema.parse((await staff.send('GET', '/admin/presets')).json()).presets
    expect((await user.send('POST', '/admin/presets', { json: school })).status).toBe(403)
    expect((await staff.send('POST', '/admin/presets', { json: { ...school, maxVideos: -1 } })).status).toBe(400)
    expect((await staff.send('POST', '/admin/presets', { json: school })).json()).toEqual(school)
    await staff.send('POST', '/admin/presets', { json: { ...school, maxVideos: 60 } })
    expect(await list()).toEqual([{ ...school, maxVideos: 60 }])
    expect((await user.quota()).limits.maxVideos).toBe(10)
    expect((await staff.send('DELETE', '/admin/presets/Film%20school')).status).toBe(204)
    expect((await staff.send('DELETE', '/admin/presets/Film%20school')).status).toBe(404)
    expect(await list()).toEqual([])
    expect(await auditLog(staff)).toMatchObject([
      { action: 'preset.remove', subject: 'Film school', username: null, before: { maxVideos: 60 } },
      { action: 'preset.set', before: { maxVideos: 50 }, after: { maxVideos: 60 } },
      { action: 'preset.set', before: {}, after: { maxVideos: 50, maxDurationMs: 5_430_000, maxFileSizeBytes: null } },
    ])
  })
})
