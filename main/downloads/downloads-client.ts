import type { VideoId } from '../../contract/ids'
import type { Problem } from '../../contract/problems'
import type { Asking } from '../transfers/uploads-client'

/** Where bytes of an answer go. */
export type BodySink = {
  /**
   * Takes bytes, which are its own until it calls `free`. A promise asks for no more until it is settled.
   * @param free called once the memory may be used for something else
   */
  write(chunk: Uint8Array, free: () => void): Promise<void> | null
}

/** An answer up to where its bytes begin. */
export type ContentHead = {
  readonly status: number
  /** With its quotes. */
  readonly etag: string | null
  /** `Content-Range` of a 206; `end` is inclusive. */
  readonly range: { readonly start: number; readonly end: number; readonly totalBytes: number } | null
  readonly lengthBytes: number | null
}

export type ContentAnswer = ContentHead & { readonly retryAfterMs: number | null; readonly problem: Problem | null }

/** The bytes of the videos of one backend, at one address (`api.md`). */
export type DownloadsClient = Disposable & {
  /**
   * Asks for a video from an offset to its end (RFC 9110, sections 13.1.5 and 14.2), and answers when its last byte was taken.
   * @param asked.etag with its quotes; where the video has another one by now, the answer is the whole of it
   * @param asked.take decides by the head of a 2xx whether its bytes are wanted; null breaks it off
   * @throws TransportError where no whole answer came; the signal's reason
   */
  content(
    asked: Asking & {
      readonly videoId: VideoId
      /** A backup, whose id stands in the place of a video's. */
      readonly isArchive: boolean
      readonly offsetBytes: number
      readonly etag: string
      take(head: ContentHead): BodySink | null
    },
  ): Promise<ContentAnswer>
}
