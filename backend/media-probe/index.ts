import { probeRequestSchema, type ProbeAnswer } from '../../contract/media'
import { openProbeChannel } from './probe-channel'
import { probeFile } from './probe-file'

/**
 * The media probe, a program of its own: one request, one answer, one file at a time. It trusts nothing in the file and
 * nobody trusts it: whoever started it limits its time and its memory, and ends it.
 */
const channel = openProbeChannel()
let queue: Promise<void> = Promise.resolve()

channel.onMessage((message) => {
  const request = probeRequestSchema.parse(message)
  queue = queue.then(async () => {
    const answer: ProbeAnswer = { requestId: request.requestId, result: await probeFile(request.path) }
    channel.send(answer)
  })
})
