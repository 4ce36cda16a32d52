import { type ComponentType, lazy } from 'react'

type Loader = () => Promise<unknown>

const loaders: Loader[] = []

/** A part of the window that the first screen can be drawn without: its code comes right after that. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  loaders.push(load)
  return lazy(async () => ({ default: await load() }))
}

/** Loads all of them, one after the other, while the person looks at the first screen. */
export async function loadTheRest(): Promise<void> {
  // One that fails is loaded again when it is asked for, and its failure shown there.
  for (const load of loaders) await load().catch(() => undefined)
}
