import { readFile } from 'node:fs/promises'
import { paddedVideo } from '../../support/videos'
import type { Plan } from './sender'

const mebibyte = 1024 * 1024

export const manySlices: Plan = {
  name: 'many-slices',
  sizeBytes: 3 * mebibyte,
  sliceBytes: 400_000,
  isCreatedWithBytes: false,
}

/** Shapes of an upload that write, flush and answer at different moments. */
export const plans: readonly Plan[] = [
  { name: 'one-request', sizeBytes: 20 * mebibyte, sliceBytes: 20 * mebibyte, isCreatedWithBytes: false },
  { name: 'with-its-creation', sizeBytes: 600_000, sliceBytes: mebibyte, isCreatedWithBytes: true },
  manySlices,
]

export type Upload = { readonly plan: Plan; readonly file: Buffer }

export async function uploadOf(plan: Plan): Promise<Upload> {
  return { plan, file: await readFile(await paddedVideo({ name: `${plan.name}.mp4`, sizeBytes: plan.sizeBytes })) }
}
