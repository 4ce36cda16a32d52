import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backendArguments } from '../../../main/backend/backend-files'
import { readArguments } from '../../../main/browser/arguments'

describe('files for the embedded backend', () => {
  it('are passed on by their whole path, and nothing else of the command line is', () => {
    const asked = ['--port', '1', '--oidc', 'providers.json', '--smtp', '/etc/mail.json', '--geoip', 'places.mmdb']
    expect(readArguments(asked).backendArgs).toEqual([
      '--oidc',
      resolve('providers.json'),
      '--smtp',
      '/etc/mail.json',
      '--geoip',
      resolve('places.mmdb'),
    ])
    expect(readArguments(['--no-open']).backendArgs).toEqual([])
  })

  it('are refused in words where they mean nothing', () => {
    expect(() => readArguments(['--server', 'https://reelport.example', '--smtp', 'mail.json'])).toThrow('--server')
    expect(() => backendArguments({ oidc: true }, null)).toThrow('--oidc needs the name of a file.')
  })
})
