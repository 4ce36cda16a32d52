import type { Translate } from '../locales/translate'
import type { Failure } from '../../contract/failures'
import { type Format, isolate } from '../format/format'

/** A failure in a person's words. None of the three is ever empty. */
export type FailureWords = {
  readonly happened: string
  readonly safe: string
  readonly next: string
}

type Speech = { readonly t: Translate; readonly format: Format }

/** Hours for which the backend keeps a file it measured as too long (`api.md`). */
const heldSeconds = 72 * 3600

/**
 * Says what happened, what is safe and what to do next, in the person's language.
 * @param speech.isAnythingSafe false for a transfer of which the server has acknowledged nothing
 */
export function describeFailure(
  failure: Failure,
  { t, format, isAnythingSafe = true }: Speech & { readonly isAnythingSafe?: boolean },
): FailureWords {
  const nothingChanged = t('failures.safe.nothingChanged')
  const nothingSent = t('failures.safe.nothingSent')
  const allKept = t('failures.safe.allKept')
  const sentKept = isAnythingSafe ? t('failures.safe.sentKept') : allKept
  const words = (happened: string, safe: string, next: string): FailureWords => ({ happened, safe, next })

  switch (failure.code) {
    case 'backend-unreachable':
      return words(t('failures.happened.backendUnreachable'), allKept, t('failures.next.waitForConnection'))
    case 'captive-portal':
      return words(t('failures.happened.captivePortal'), sentKept, t('failures.next.openNetworkPage'))
    case 'wrong-clock':
      return words(t('failures.happened.wrongClock'), sentKept, t('failures.next.checkClock'))
    case 'backend-not-started':
      return words(t('failures.happened.backendNotStarted'), allKept, t('failures.next.startAgain'))
    case 'signed-out':
      return words(t('failures.happened.signedOut'), sentKept, t('failures.next.signIn'))
    case 'wrong-credentials':
      return words(t('failures.happened.wrongCredentials'), nothingChanged, t('failures.next.checkCredentials'))
    case 'wrong-password':
      return words(t('failures.happened.wrongPassword'), nothingChanged, t('failures.next.checkPassword'))
    case 'proof-required':
      return words(t('failures.happened.proofRequired'), nothingChanged, t('failures.next.prove'))
    case 'account-disabled':
      return words(
        failure.note === undefined
          ? t('failures.happened.accountDisabled')
          : t('failures.happened.accountDisabledNote', { note: isolate(failure.note) }),
        allKept,
        t('failures.next.contactSupport'),
      )
    case 'registration-closed':
      return words(t('failures.happened.registrationClosed'), nothingChanged, t('failures.next.contactSupport'))
    case 'username-taken':
      return words(t('failures.happened.usernameTaken'), nothingChanged, t('failures.next.chooseOtherName'))
    case 'provider-unavailable':
      return words(t('failures.happened.providerUnavailable'), nothingChanged, t('failures.next.otherWayIn'))
    case 'provider-untrusted':
      return words(t('failures.happened.providerUntrusted'), nothingChanged, t('failures.next.contactSupport'))
    case 'sign-in-refused':
      return words(t('failures.happened.signInRefused'), nothingChanged, t('failures.next.signInOnceMore'))
    case 'sign-in-expired':
      return words(t('failures.happened.signInExpired'), nothingChanged, t('failures.next.signInOnceMore'))
    case 'wrong-account':
      return words(t('failures.happened.wrongAccount'), nothingChanged, t('failures.next.sameAccount'))
    case 'too-many-requests': {
      const time = format.duration(failure.retryAfterSeconds)
      return words(t('failures.happened.tooManyRequests'), nothingChanged, t('failures.next.retryIn', { time }))
    }
    case 'invalid-input':
      return words(t('failures.happened.invalidInput'), nothingChanged, t('failures.next.correctInput'))
    case 'forbidden':
      return words(t('failures.happened.forbidden'), nothingChanged, t('failures.next.contactSupport'))
    case 'not-found':
      return words(t('failures.happened.notFound'), nothingChanged, t('failures.next.refresh'))
    case 'file-too-large': {
      const sizes = { limit: format.bytes(failure.limitBytes), size: format.bytes(failure.requestedBytes) }
      return words(t('failures.happened.fileTooLarge', sizes), nothingSent, t('failures.next.sendSmaller'))
    }
    case 'quota-videos-reached': {
      const { limit, used, reserved } = failure
      const counts = { limit: format.number(limit), used: format.number(used), reserved: format.number(reserved) }
      return words(t('failures.happened.quotaVideos', counts), nothingSent, t('failures.next.askForQuota'))
    }
    case 'quota-duration-reached':
      return describeDurationRefusal(failure, { t, format })
    case 'held-files-reached':
      return words(t('failures.happened.heldFiles'), t('failures.safe.notCounted'), t('failures.next.askForQuota'))
    case 'api-tokens-reached':
      return words(
        t('failures.happened.apiTokens', { limit: format.number(failure.limit) }),
        nothingChanged,
        t('failures.next.revokeToken'),
      )
    case 'last-staff':
      return words(t('failures.happened.lastStaff'), nothingChanged, t('failures.next.otherStaff'))
    case 'changed-meanwhile': {
      const { by, at } = failure
      const happened =
        by === null || at === null
          ? t('failures.happened.changedMeanwhile')
          : t('failures.happened.changedMeanwhileBy', { name: isolate(by), time: format.exact(new Date(at)) })
      return words(happened, nothingChanged, t('failures.next.lookAgain'))
    }
    case 'nothing-to-undo':
      return words(t('failures.happened.nothingToUndo'), nothingChanged, t('failures.next.refresh'))
    case 'nothing-to-grant':
      return words(t('failures.happened.nothingToGrant'), nothingChanged, t('failures.next.correctInput'))
    case 'not-a-video':
      return words(t('failures.happened.notAVideo'), t('failures.safe.notCounted'), t('failures.next.chooseVideo'))
    case 'file-empty':
      return words(t('failures.happened.fileEmpty'), nothingSent, t('failures.next.chooseVideo'))
    case 'file-missing':
      return words(t('failures.happened.fileMissing'), sentKept, t('failures.next.plugIn'))
    case 'file-changed':
      return words(t('failures.happened.fileChanged'), t('failures.safe.notCounted'), t('failures.next.startOver'))
    case 'other-file':
      return words(t('failures.happened.otherFile'), sentKept, t('failures.next.findFile'))
    case 'file-unreadable':
      return words(t('failures.happened.fileUnreadable'), sentKept, t('failures.next.checkFile'))
    case 'not-a-regular-file':
      return words(t('failures.happened.notARegularFile'), nothingSent, t('failures.next.chooseFile'))
    case 'checksum-mismatch':
      return words(t('failures.happened.checksumMismatch'), t('failures.safe.notCounted'), t('failures.next.startOver'))
    case 'upload-gone':
      return words(t('failures.happened.uploadGone'), t('failures.safe.notCounted'), t('failures.next.startOver'))
    case 'archive-refused':
      return words(t(`backups.code.${failure.refusal}`), nothingChanged, t('backups.next.otherArchive'))
    case 'backups-reached':
      return words(t('backups.reached'), nothingChanged, t('backups.next.deleteOne'))
    case 'job-state-conflict':
      return words(t('backups.stateConflict'), nothingChanged, t('failures.next.refresh'))
    case 'server-disk-full':
      return words(t('failures.happened.serverDiskFull'), sentKept, t('failures.next.freeServer'))
    case 'server-busy':
      return words(t('failures.happened.serverBusy'), sentKept, t('failures.next.retryLater'))
    case 'local-disk-full': {
      const { missingBytes } = failure
      const happened =
        missingBytes === null
          ? t('failures.happened.localDiskFull')
          : t('failures.happened.localDiskMissing', { size: format.bytes(missingBytes) })
      return words(happened, sentKept, t('failures.next.freeLocal'))
    }
    case 'video-gone':
      return words(t('failures.happened.videoGone'), t('failures.safe.nothingKept'), t('failures.next.removeRow'))
    case 'download-restarted':
      return words(t('failures.happened.downloadRestarted'), t('failures.safe.videoSafe'), t('failures.next.restarts'))
    case 'file-exists':
      return words(t('failures.happened.fileExists'), t('failures.safe.fileLeft'), t('failures.next.moveFile'))
    case 'folder-missing':
      return words(t('failures.happened.folderMissing'), t('failures.safe.videoSafe'), t('failures.next.checkFolder'))
    case 'folder-unwritable': {
      const { detail } = failure
      const happened = t('failures.happened.folderUnwritable', { detail })
      return words(happened, t('failures.safe.videoSafe'), t('failures.next.otherFolder'))
    }
    case 'unexpected':
      return describeUnexpected(failure.reference, { t, format })
    default:
      // A newer main may know codes that this page does not: said in general, never blank.
      return describeUnexpected(unknownCode(failure), { t, format })
  }
}

function describeDurationRefusal(
  failure: Extract<Failure, { code: 'quota-duration-reached' }>,
  { t, format }: Speech,
): FailureWords {
  const leftSeconds = Math.max(0, failure.limitSeconds - failure.usedSeconds - failure.reservedSeconds)
  const lengths = { length: format.duration(failure.requestedSeconds), left: format.duration(leftSeconds) }
  const keep = format.unit(heldSeconds / 3600, 'hour', 'long')
  const next = t('failures.next.askForQuota')
  return failure.isHeld
    ? {
        happened: t('failures.happened.quotaDurationHeld', { ...lengths, keep }),
        safe: t('failures.safe.held', { keep }),
        next,
      }
    : { happened: t('failures.happened.quotaDuration', lengths), safe: t('failures.safe.nothingSent'), next }
}

function describeUnexpected(reference: string, { t }: Speech): FailureWords {
  return {
    happened: t('failures.happened.unexpected', { reference }),
    safe: t('failures.safe.allKept'),
    next: t('failures.next.reportReference'),
  }
}

/** The code of a failure that is in no list of ours, as it came over the wire. */
const unknownCode = (failure: never): string => JSON.stringify(Reflect.get(Object(failure), 'code') ?? null)
