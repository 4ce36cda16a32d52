import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { benchAuth } from '../test/bench/auth.mjs'
import { benchWindow, eagerBytes, rendererBytes } from '../test/bench/desktop.mjs'
import { benchDownload } from '../test/bench/download.mjs'
import { hashSpeed } from '../test/bench/hash-speed.mjs'
import { whyNoLimit } from '../test/bench/limit.mjs'
import { benchResume } from '../test/bench/resume.mjs'
import { benchRestore, smallEntries } from '../test/bench/restore.mjs'
import { benchCrowd, benchSignOut, percentile } from '../test/bench/sessions.mjs'
import { benchSmall } from '../test/bench/small.mjs'
import { benchRefusedSignIns } from '../test/bench/sign-in.mjs'
import { benchStaff } from '../test/bench/staff.mjs'
import { benchStaffList } from '../test/bench/staff-list.mjs'
import { benchBackendReady, benchStart } from '../test/bench/start.mjs'
import { benchTenGibibytes, benchUpload } from '../test/bench/upload.mjs'
import { median } from '../test/bench/processes.mjs'
import { tellingsOf } from '../test/bench/tests.mjs'
import { buildIfChanged } from './build-if-changed.mjs'
import { root } from './project.mjs'
import { installSystemPackages } from './system-packages.mjs'

/** `npm run bench`, or one part of it: `npm run bench -- upload|download|small|memory|block|resume|restore|sessions|sign-in|staff|start|auth|desktop`. Figures are ratios of one run. */
const asked = process.argv.slice(2)
const isAsked = (part) => asked.length === 0 || asked.includes(part)
const whole = (value) => String(Math.round(value))
const two = (value) => value.toFixed(2)
const verdict = (isReached) => (isReached ? 'reached' : 'NOT reached')

mkdirSync(join(root, '.cache'), { recursive: true })
installSystemPackages()
buildIfChanged()

if (isAsked('upload')) {
  console.log('\nUpload of 1 GiB over loopback, median of 3 interleaved rounds')
  const { rows, limitMegabytesPerSecond } = await benchUpload(3)
  console.table(
    Object.fromEntries(
      rows.map((row) => [
        row.name,
        {
          'MB/s': whole(row.megabytesPerSecond),
          'CPU s/GB client': two(row.clientCpuPerGb),
          'CPU s/GB server': two(row.serverCpuPerGb),
          'peak MB client': whole(row.clientPeakMb),
          'peak MB server': whole(row.serverPeakMb),
        },
      ]),
    ),
  )
  const [tus, barePut, ours] = rows
  const overTus = ours.megabytesPerSecond / tus.megabytesPerSecond
  const overPut = ours.megabytesPerSecond / barePut.megabytesPerSecond
  const [alone, together] = [await hashSpeed(1), await hashSpeed(2)]
  console.log(
    `SHA-256 on this processor: ${whole(alone)} MB/s alone, ${whole(together)} MB/s each when both sides hash at once.`,
  )
  console.log(
    `So nothing that hashes on both sides can pass ${whole(together)} MB/s here: ${two(together / rows[0].megabytesPerSecond)} of tus, ${two(together / rows[1].megabytesPerSecond)} of the bare PUT.`,
  )
  console.log(`of that bound: ${two(rows[2].megabytesPerSecond / together)}`)
  console.log(`ratio to tus-js-client and @tus/server: ${two(overTus)} (wanted 1.60): ${verdict(overTus >= 1.6)}`)
  console.log(`ratio to a bare Node PUT: ${two(overPut)} (wanted 0.90): ${verdict(overPut >= 0.9)}`)
  if (limitMegabytesPerSecond === null) console.log(`curl to nginx, the limit beside it: skipped, ${whyNoLimit()}`)
  else {
    const ofLimit = ours.megabytesPerSecond / limitMegabytesPerSecond
    console.log(`curl to nginx, the limit beside it: ${whole(limitMegabytesPerSecond)} MB/s`)
    console.log(`ratio to curl and nginx: ${two(ofLimit)} (wanted 0.35): ${verdict(ofLimit >= 0.35)}`)
  }
  console.log(`CPU s per GB, both sides: ${two(ours.clientCpuPerGb + ours.serverCpuPerGb)}`)
  console.log(
    `peak of the transfer process: ${whole(ours.clientPeakMb)} MB (wanted 100): ${verdict(ours.clientPeakMb < 100)}`,
  )
  console.log(`peak of the backend: ${whole(ours.serverPeakMb)} MB (wanted 150): ${verdict(ours.serverPeakMb < 150)}`)
}
if (isAsked('small')) {
  console.log('\n1,000 files of 64 KiB over loopback, six in flight, better of 2 interleaved rounds')
  const rows = await benchSmall(2, 1000)
  console.table(
    Object.fromEntries(
      rows.map((row) => [row.name, { 'files/s': whole(row.filesPerSecond), 'CPU ms each': two(row.cpuMsPerFile) }]),
    ),
  )
  const [bare, ours] = rows
  const ratio = ours.filesPerSecond / bare.filesPerSecond
  console.log(`ratio to a bare Node PUT, which flushes nothing: ${two(ratio)} (wanted 0.90): ${verdict(ratio >= 0.9)}`)
}
if (isAsked('block')) {
  console.log('\nThe main thread of the app while 10 GiB (a sparse file) are hashed and sent')
  for (const line of await tellingsOf(
    'test/bench/main-thread.measured.ts',
    { BENCH_GIB: '10' },
    'test/bench/vitest.config.ts',
  ))
    console.log(line)
}
if (isAsked('download')) {
  console.log('\nDownload of 1 GiB over loopback from our backend, median of 5 interleaved rounds')
  const rows = await benchDownload(5)
  console.table(
    Object.fromEntries(
      rows.map((row) => [
        row.name,
        {
          'MB/s': whole(row.megabytesPerSecond),
          'CPU s/GB client': two(row.clientCpuPerGb),
          'CPU s/GB server': two(row.serverCpuPerGb),
          'peak MB client': whole(row.clientPeakMb),
          'peak MB server': whole(row.serverPeakMb),
        },
      ]),
    ),
  )
  const [bare, ours] = rows
  const ratio = ours.megabytesPerSecond / bare.megabytesPerSecond
  console.log(`ratio to a Node http.get that verifies nothing: ${two(ratio)} (wanted 1.00): ${verdict(ratio >= 1)}`)
  console.log(
    `peak of the transfer process: ${whole(ours.clientPeakMb)} MB (wanted 100): ${verdict(ours.clientPeakMb < 100)}`,
  )
  console.log(`peak of the backend: ${whole(ours.serverPeakMb)} MB (wanted 150): ${verdict(ours.serverPeakMb < 150)}`)
}
if (isAsked('memory')) {
  console.log('\nUpload of 10 GiB (a sparse file)')
  const row = await benchTenGibibytes()
  console.log(`${whole(row.megabytesPerSecond)} MB/s`)
  console.log(`peak of the transfer process: ${whole(row.clientPeakMb)} MB (wanted 100): ${verdict(row.clientPeakMb < 100)}`)
  console.log(`peak of the backend: ${whole(row.serverPeakMb)} MB (wanted 150): ${verdict(row.serverPeakMb < 150)}`)
}
if (isAsked('resume')) {
  console.log('\nSIGKILL at a random point of a 256 MiB upload, 10 times each side: MiB sent again')
  const resent = await benchResume(10)
  for (const [victim, values] of Object.entries(resent)) {
    const most = Math.max(...values) / 1024 ** 2
    console.log(
      `${victim} killed: median ${two(median(values) / 1024 ** 2)}, most ${two(most)} (wanted 16): ${verdict(most <= 16)}`,
    )
  }
}
if (isAsked('resume')) {
  console.log('\nFrom the moment at which an interrupted upload can go on to the request with which it does, 8 times each')
  for (const line of await tellingsOf('test/faults/real/resume.test.ts', { FAULTS_RESUMES: '8' })) console.log(line)
}
if (isAsked('restore')) {
  const show = async (what, wanted) => {
    console.log(`\nRestore of ${what}, and unzip of the same archive on the same disk`)
    const { seconds, unzipSeconds, ratio, peakMb, othersMs, lagsMs, backupSeconds, backupPeakMb } =
      await benchRestore(wanted)
    const p95 = percentile(othersMs, 0.95)
    const lag = lagsMs.length === 0 ? 0 : Math.max(...lagsMs)
    console.log(
      `${two(seconds)} s, unzip ${two(unzipSeconds)} s: ${two(ratio)} of its throughput (wanted 0.50): ${verdict(ratio >= 0.5)}`,
    )
    console.log(`peak of the backend: ${whole(peakMb)} MB (wanted 200): ${verdict(peakMb < 200)}`)
    console.log(`other requests meanwhile: p95 ${two(p95)} ms of ${othersMs.length} (wanted 100): ${verdict(p95 < 100)}`)
    console.log(
      `progress behind the truth, read as the app reads it: p95 ${whole(percentile(lagsMs, 0.95))} ms, most ${whole(lag)} of ${lagsMs.length} (wanted 500): ${verdict(lag < 500)}`,
    )
    console.log(`the backup itself: ${two(backupSeconds)} s, peak ${whole(backupPeakMb)} MB`)
  }
  await show('5,000 small entries, median of 3', { sizes: smallEntries, rounds: 3 })
  await show('1 GiB of random bytes in 4 entries, median of 3', {
    sizes: [0, 1, 2, 3].map(() => 256 * 1024 ** 2),
    rounds: 3,
  })
  await show('10 GiB in one sparse entry', { sizes: [10 * 1024 ** 3], isSparse: true, rounds: 1 })
}
if (isAsked('sessions')) {
  console.log('\nOne device signs another out, 300 times, every fifth while it uploads')
  const { refusedMs, stoppedMs, acceptedBytes } = await benchSignOut(300)
  const p99 = percentile(refusedMs, 0.99)
  console.log(
    `sign-out to first refusal: p99 ${two(p99)} ms, median ${two(median(refusedMs))} (wanted 100): ${verdict(p99 < 100)}`,
  )
  const mostMs = Math.max(...stoppedMs)
  console.log(`sign-out to the end of the running PATCH: most ${two(mostMs)} ms (wanted 1000): ${verdict(mostMs < 1000)}`)
  const mostBytes = Math.max(...acceptedBytes)
  console.log(`accepted after the sign-out: most ${mostBytes} bytes (wanted 65536): ${verdict(mostBytes <= 65_536)}`)
  const { othersMs, statuses } = await benchCrowd(200)
  const p95 = percentile(othersMs, 0.95)
  console.log(`200 sign-ins at once: ${JSON.stringify(statuses)}`)
  console.log(`other requests meanwhile: p95 ${two(p95)} ms of ${othersMs.length} (wanted 200): ${verdict(p95 < 200)}`)
}
if (isAsked('sign-in')) {
  console.log('\n1,000 sign-ins of a name that nobody has, and 1,000 with a wrong password, in turn')
  const { unknownMs, wrongMs, bodies } = await benchRefusedSignIns(1000)
  const [unknown, wrong] = [median(unknownMs), median(wrongMs)]
  const apart = Math.abs(unknown - wrong)
  console.log(`medians ${two(unknown)} and ${two(wrong)} ms, ${two(apart)} ms apart (wanted below 2): ${verdict(apart < 2)}`)
  console.log(`different answers: ${bodies.length} (wanted 1): ${verdict(bodies.length === 1)}`)
}
if (isAsked('staff')) {
  console.log('\n100,000 users and a million lines of ledger, 100,000 of them of one user')
  const { searchMs, resetMs, busyMs, quietMs, pageMs, checkMs, showMs, decided } = await benchStaff()
  const row = (what, value, wanted) =>
    console.log(`${what}: ${two(value)} ms (wanted ${wanted}): ${verdict(value < wanted)}`)
  const p95 = (values) => percentile(values, 0.95)
  row(`search as one types, p95 of ${searchMs.length} (median ${two(median(searchMs))})`, p95(searchMs), 50)
  row(`reset, p95 of ${resetMs.length} (median ${two(median(resetMs))})`, p95(resetMs), 20)
  row('a page of 200 lines of the longest ledger, p95 of 50', p95(pageMs), 200)
  const decision = ({ decisionMs }) => `p95 of ${decisionMs.length} (median ${two(median(decisionMs))})`
  row(`quota decision in the backend, of the longest ledger, ${decision(decided.busy)}`, p95(decided.busy.decisionMs), 1)
  row(`the same of a short ledger, ${decision(decided.quiet)}`, p95(decided.quiet.decisionMs), 1)
  const flushed = decided.busy.flushedMs
  console.log(`and until it is on the disk: p95 ${two(p95(flushed))} ms (median ${two(median(flushed))})`)
  console.log(
    `over HTTP, with everything around it: p95 ${two(p95(busyMs))} ms (median ${two(median(busyMs))}); of an empty ledger: p95 ${two(p95(quietMs))} ms (median ${two(median(quietMs))})`,
  )
  row('check of everything', checkMs, 60_000)
  console.log(`quota show at the command line: ${whole(showMs)} ms`)
  const { tookMs, missingRows, waitedFrames, scrolledPx } = await benchStaffList()
  const [longest, missing] = [Math.max(...tookMs), Math.max(...missingRows)]
  console.log(
    `list of 100,000 people, turned by wheel: ${tookMs.length} frames over ${whole(scrolledPx)} px, median ${two(median(tookMs))} ms, longest ${two(longest)} (wanted 50): ${verdict(longest <= 50)}, ${tookMs.filter((ms) => ms > 50).length} over it`,
  )
  console.log(
    `rows missing in view: most ${two(missing)} (wanted 0): ${verdict(missing < 0.1)}, in ${missingRows.filter((rows) => rows >= 0.1).length} frames; frames at the end of what was loaded: ${waitedFrames}`,
  )
}
if (isAsked('start')) {
  console.log('\nStart, dependencies and build already there')
  const first = await benchStart()
  const second = await benchStart()
  console.log(
    `npm start to a usable sign-in screen: ${whole(second.usableMs)} ms (first ${whole(first.usableMs)}; wanted 3000): ${verdict(second.usableMs < 3000)}`,
  )
  const readyMs = median(await benchBackendReady(5))
  console.log(`backend ready: ${whole(readyMs)} ms, median of 5 (wanted 1000): ${verdict(readyMs < 1000)}`)
}
if (isAsked('auth')) {
  console.log('\nGET /user/me with a session, median of 5 interleaved rounds')
  const rows = await benchAuth(5)
  console.table(
    Object.fromEntries(
      rows.map((row) => [row.name, { 'requests/s': whole(row.perSecond), 'CPU µs each': whole(row.cpuMicroseconds) }]),
    ),
  )
  const ratio = rows[0].perSecond / rows[1].perSecond
  console.log(`throughput with the database check to without it: ${two(ratio)} (wanted 0.60): ${verdict(ratio >= 0.6)}`)
  console.log(`and by processor time of the backend alone: ${two(rows[1].cpuMicroseconds / rows[0].cpuMicroseconds)}`)
}
if (isAsked('desktop')) {
  console.log('\nThe window')
  const eager = eagerBytes() / 1000
  console.log(`main process before its window: ${two(eager)} kB of JavaScript (wanted 300): ${verdict(eager < 300)}`)
  const renderer = rendererBytes()
  console.log(
    `page: ${two(renderer.first / 1000)} kB gzip at its start (wanted 250): ${verdict(renderer.first < 250_000)}; ${two(renderer.all / 1000)} kB with all that comes when it is shown`,
  )
  await benchStart()
  const { usableMs } = await benchStart()
  console.log(`second npm start to the sign-in screen: ${whole(usableMs)} ms (wanted 1500): ${verdict(usableMs < 1500)}`)
  const { memory, library, queue, nothing } = await benchWindow()
  const tellFrames = (name, { tookMs, scrolledPx }, isOurs) => {
    const longest = Math.max(...tookMs)
    const judged = isOurs ? ` (wanted 50): ${verdict(longest <= 50)}` : ''
    console.log(
      `${name}: ${tookMs.length} frames of a turning wheel over ${whole(scrolledPx)} px, median ${two(median(tookMs))} ms, 99 of 100 within ${two(percentile(tookMs, 0.99))}, longest ${two(longest)}${judged}, ${tookMs.filter((ms) => ms > 50).length} over 50`,
    )
  }
  tellFrames('library of 10,000', library, true)
  tellFrames('queue of 2,000', queue, true)
  tellFrames('plain rows beside them, for the machine itself', nothing, false)
  const together = memory.core.residentMb + memory.backend.residentMb
  console.log(
    `idle for 40 s after use: core ${whole(memory.core.residentMb)} MB and backend ${whole(memory.backend.residentMb)} MB resident, ${whole(together)} together (wanted 200): ${verdict(together < 200)}; their shares, Node's own pages divided: ${whole(memory.core.shareMb + memory.backend.shareMb)} MB; transfer process ${whole(memory.transfers.residentMb)} MB resident`,
  )
}
