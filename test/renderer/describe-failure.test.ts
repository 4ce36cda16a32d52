import { describe, expect, it } from 'vitest'
import type { Failure, FailureCode } from '../../contract/failures'
import { failureSchema } from '../../contract/failures'
import { describeFailure } from '../../renderer/failures/describe-failure'
import { languages, plain, speak } from './speech'

/** One of each; a code that is added to the contract does not compile without one here. */
const samples: { readonly [Code in FailureCode]: Extract<Failure, { code: Code }> } = {
  'backend-unreachable': { code: 'backend-unreachable' },
  'captive-portal': { code: 'captive-portal' },
  'wrong-clock': { code: 'wrong-clock' },
  'backend-not-started': { code: 'backend-not-started', detail: 'EACCES' },
  'signed-out': { code: 'signed-out', reason: 'expired' },
  'wrong-credentials': { code: 'wrong-credentials' },
  'wrong-password': { code: 'wrong-password' },
  'proof-required': { code: 'proof-required' },
  'account-disabled': { code: 'account-disabled' },
  'registration-closed': { code: 'registration-closed' },
  'provider-unavailable': { code: 'provider-unavailable' },
  'provider-untrusted': { code: 'provider-untrusted' },
  'sign-in-refused': { code: 'sign-in-refused' },
  'sign-in-expired': { code: 'sign-in-expired' },
  'wrong-account': { code: 'wrong-account' },
  'username-taken': { code: 'username-taken' },
  'too-many-requests': { code: 'too-many-requests', retryAfterSeconds: 240 },
  'invalid-input': { code: 'invalid-input', fields: [] },
  forbidden: { code: 'forbidden' },
  'not-found': { code: 'not-found' },
  'file-too-large': { code: 'file-too-large', limitBytes: 500_000_000, requestedBytes: 600_000_000 },
  'quota-videos-reached': { code: 'quota-videos-reached', limit: 10, used: 9, reserved: 1 },
  'quota-duration-reached': {
    code: 'quota-duration-reached',
    limitSeconds: 36_000,
    usedSeconds: 31_980,
    reservedSeconds: 0,
    requestedSeconds: 8040,
    isHeld: false,
  },
  'held-files-reached': { code: 'held-files-reached' },
  'api-tokens-reached': { code: 'api-tokens-reached', limit: 100 },
  'last-staff': { code: 'last-staff' },
  'changed-meanwhile': { code: 'changed-meanwhile', by: 'haddad', at: '2026-11-21T14:05:00.000Z' },
  'nothing-to-undo': { code: 'nothing-to-undo' },
  'nothing-to-grant': { code: 'nothing-to-grant' },
  'not-a-video': { code: 'not-a-video' },
  'file-empty': { code: 'file-empty' },
  'file-missing': { code: 'file-missing' },
  'file-changed': { code: 'file-changed' },
  'other-file': { code: 'other-file' },
  'file-unreadable': { code: 'file-unreadable', detail: 'EBUSY' },
  'not-a-regular-file': { code: 'not-a-regular-file' },
  'checksum-mismatch': { code: 'checksum-mismatch' },
  'upload-gone': { code: 'upload-gone' },
  'archive-refused': { code: 'archive-refused', refusal: 'archive-newer' },
  'backups-reached': { code: 'backups-reached' },
  'job-state-conflict': { code: 'job-state-conflict' },
  'server-disk-full': { code: 'server-disk-full' },
  'server-busy': { code: 'server-busy' },
  'local-disk-full': { code: 'local-disk-full', missingBytes: 1_200_000_000 },
  'video-gone': { code: 'video-gone' },
  'download-restarted': { code: 'download-restarted' },
  'file-exists': { code: 'file-exists' },
  'folder-missing': { code: 'folder-missing' },
  'folder-unwritable': { code: 'folder-unwritable', detail: 'EROFS' },
  unexpected: { code: 'unexpected', reference: 'r-4711' },
}

const codes = Object.values(samples)

describe('the words for a failure', () => {
  it.each(languages)('say what happened, what is safe and what to do next in %s, for every code', (language) => {
    const speech = speak(language)
    const spoken = codes.map((failure) => ({ code: failure.code, words: describeFailure(failure, speech) }))
    const incomplete = spoken.filter(({ words }) =>
      Object.values(words).some((text) => text === '' || text.includes('{{') || text.startsWith('failures.')),
    )
    expect(incomplete).toEqual([])
  })

  it('name the numbers of a refusal', () => {
    const speech = speak('en')
    const happened = (code: FailureCode): string => plain(describeFailure(samples[code], speech).happened)
    expect([happened('file-too-large'), happened('quota-videos-reached'), happened('quota-duration-reached')]).toEqual([
      'Bigger than the 500 MB allowed for one file (600 MB)',
      'All 10 videos of your quota are taken (used 9, reserved by the queue 1)',
      '2 hr, 14 min long, 1 hr, 7 min left in your quota',
    ])
  })

  it('name them in the digits of the region', () => {
    expect(plain(describeFailure(samples['quota-duration-reached'], speak('ar')).happened)).toBe(
      'مدته ٢ س و١٤ د والمتبقي في حصتك ١ س و٧ د',
    )
  })

  it('tell that a file measured by the server is kept there', () => {
    const held: Failure = { ...samples['quota-duration-reached'], isHeld: true }
    expect(plain(describeFailure(held, speak('en')).safe)).toBe('Your file is safe on the server for 72 hours.')
  })

  it('fall back to general words and the code where main knows one that this page does not', () => {
    // Safe: that is the point; a newer main is no type error at run time.
    const unknown = { code: 'from-the-future' } as unknown as Failure
    expect(describeFailure(unknown, speak('en')).happened).toContain('from-the-future')
  })

  it('are there for exactly the codes of the contract', () => {
    expect(failureSchema.options.map((option) => option.shape.code.value).toSorted()).toEqual(
      Object.keys(samples).toSorted(),
    )
  })
})
