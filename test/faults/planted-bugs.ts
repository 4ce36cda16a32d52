import type { Seams } from './world'

/** Engines that are broken on purpose, each by one part in the place of the right one. */
export const plantedBugs: Readonly<Record<string, Seams>> = {}
