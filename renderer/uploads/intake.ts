import { create } from 'zustand'
import type { Failure, Reply } from '../../contract/failures'
import type { SourceHandle, TransferId } from '../../contract/ids'
import type { Inspection } from '../../contract/transfers'
import { command, takeFiles } from '../desktop'
import { useMirror } from '../state/mirror'
import { splitBySize, type UntakenFile } from './split-by-size'

/** How far the files that were just chosen or dropped have come on their way into the queue. */
export type IntakeStep =
  | { readonly kind: 'idle' }
  | { readonly kind: 'taking'; readonly count: number; readonly takenBytes: number; readonly sizeBytes: number }
  | { readonly kind: 'inspecting'; readonly count: number }
  | { readonly kind: 'adding'; readonly count: number }

/** What there is to say after an intake; shown as a notice and told to screen readers. */
export type IntakeNews =
  | { readonly kind: 'added'; readonly count: number }
  | { readonly kind: 'skipped'; readonly count: number }
  | { readonly kind: 'untaken'; readonly count: number }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly failure: Failure }

type Sheet = {
  /** Refused for their size alone: the host never had them. */
  readonly untaken: readonly UntakenFile[]
  readonly inspections: readonly Inspection[]
  decide(chosen: readonly SourceHandle[]): void
}

type Intake = {
  readonly step: IntakeStep
  /** The check before sending, while it waits for a decision. */
  readonly sheet: Sheet | null
}

export const useIntake = create<Intake>(() => ({ step: { kind: 'idle' }, sheet: null }))

const newsListeners = new Set<(news: IntakeNews) => void>()

/** Hears of every intake's outcome; answers the function that ends it. */
export function onIntakeNews(listener: (news: IntakeNews) => void): () => void {
  newsListeners.add(listener)
  return () => void newsListeners.delete(listener)
}

const tell = (news: IntakeNews): void => newsListeners.forEach((listener) => listener(news))
const setStep = (step: IntakeStep): void => useIntake.setState({ step })

/** One intake at a time, in the order of the person's actions: a second drop waits for the first one's decision. */
let lastIntake: Promise<void> = Promise.resolve()
function enqueue(work: () => Promise<void>): Promise<void> {
  const intake = lastIntake.then(work).finally(() => useIntake.setState({ step: { kind: 'idle' }, sheet: null }))
  // Whoever began this one hears of a bug in it; the next one must not.
  lastIntake = intake.catch(() => undefined)
  return intake
}

/** Takes files of the page, picked or dropped, into the queue. `skippedCount` were left out for not being videos. */
export function addFiles(files: readonly File[], skippedCount = 0): Promise<void> {
  return enqueue(async () => {
    if (skippedCount > 0) tell({ kind: 'skipped', count: skippedCount })
    if (files.length === 0) {
      if (skippedCount === 0) tell({ kind: 'nothing' })
      return
    }
    const { app, quota } = useMirror.getState()
    // A host with no dialogue of its own copies every byte first, which is for nothing where the size says enough.
    const { taken, untaken } = app.capabilities.pickFiles ? { taken: files, untaken: [] } : splitBySize(files, quota.quota)
    if (taken.length === 0) return void (await askOnSheet([], untaken))
    const sizeBytes = taken.reduce((sum, file) => sum + file.size, 0)
    const taking = { kind: 'taking', count: taken.length, sizeBytes } as const
    setStep({ ...taking, takenBytes: 0 })
    const reply = await takeFiles(taken, (takenBytes) => setStep({ ...taking, takenBytes }))
    if (!reply.ok) return tell({ kind: 'failed', failure: reply.failure })
    // A system may refuse a path for a dropped file; said aloud, because the file would otherwise just be missing.
    if (reply.value.length < taken.length) tell({ kind: 'untaken', count: taken.length - reply.value.length })
    await inspectAndAdd(reply.value, untaken)
  })
}

/** Takes files for something else than the queue, in its turn and with the same progress shown. */
export async function takeWithProgress(files: readonly File[]): Promise<Reply<SourceHandle[]>> {
  const sizeBytes = files.reduce((sum, file) => sum + file.size, 0)
  const taking = { kind: 'taking', count: files.length, sizeBytes } as const
  const { promise, resolve, reject } = Promise.withResolvers<Reply<SourceHandle[]>>()
  enqueue(async () => resolve(await takeFiles(files, (takenBytes) => setStep({ ...taking, takenBytes })))).catch(reject)
  return await promise
}

/** Says that dropped things could not be read where they were. */
export const tellUntaken = (count: number): void => tell({ kind: 'untaken', count })

/** Opens the host's own dialogue and takes what was chosen into the queue. */
export function pickWithHost(kind: 'files' | 'folder'): Promise<void> {
  return enqueue(async () => {
    const reply = await command('uploads:pick', { kind })
    if (!reply.ok) return tell({ kind: 'failed', failure: reply.failure })
    await inspectAndAdd(reply.value)
  })
}

/** Takes files that the host was given from outside the window. */
export const addHandles = (handles: readonly SourceHandle[]): Promise<void> => enqueue(() => inspectAndAdd(handles))

/** Most handles one call may carry (`contract/desktop.ts`). */
const handlesPerCall = 5_000

const chunks = (handles: readonly SourceHandle[]): SourceHandle[][] =>
  Array.from({ length: Math.ceil(handles.length / handlesPerCall) }, (_, index) =>
    handles.slice(index * handlesPerCall, (index + 1) * handlesPerCall),
  )

async function inspectAndAdd(handles: readonly SourceHandle[], untaken: readonly UntakenFile[] = []): Promise<void> {
  if (handles.length === 0 && untaken.length === 0) return
  setStep({ kind: 'inspecting', count: handles.length })
  const inspections: Inspection[] = []
  for (const chunk of chunks(handles)) {
    const reply = await command('uploads:inspect', chunk)
    if (!reply.ok) {
      tell({ kind: 'failed', failure: reply.failure })
      return discard(handles)
    }
    inspections.push(...reply.value)
  }
  const isSimple = untaken.length === 0 && inspections.every((inspection) => inspection.verdict.kind === 'fits')
  const chosen = isSimple ? handles : await askOnSheet(inspections, untaken)
  const wanted = new Set(chosen)
  await discard(handles.filter((handle) => !wanted.has(handle)))
  await add(chosen)
}

/** Shows the sheet and waits: for the handles to add, none where it was closed. */
async function askOnSheet(
  inspections: readonly Inspection[],
  untaken: readonly UntakenFile[],
): Promise<readonly SourceHandle[]> {
  const chosen = await new Promise<readonly SourceHandle[]>((decide) => {
    useIntake.setState({ step: { kind: 'idle' }, sheet: { untaken, inspections, decide } })
  })
  useIntake.setState({ sheet: null })
  return chosen
}

async function add(handles: readonly SourceHandle[]): Promise<void> {
  if (handles.length === 0) return
  setStep({ kind: 'adding', count: handles.length })
  const added: TransferId[] = []
  for (const chunk of chunks(handles)) {
    const reply = await command('uploads:add', chunk)
    if (!reply.ok) return tell({ kind: 'failed', failure: reply.failure })
    added.push(...reply.value)
  }
  tell({ kind: 'added', count: added.length })
}

async function discard(handles: readonly SourceHandle[]): Promise<void> {
  for (const chunk of chunks(handles)) {
    const reply = await command('uploads:discard', chunk)
    if (!reply.ok) tell({ kind: 'failed', failure: reply.failure })
  }
}
