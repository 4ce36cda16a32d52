import { type ComponentType, createElement, lazy } from 'react'
import { canHoldParts, holdLaterParts } from './later-parts'

type Load<Props extends object> = () => Promise<ComponentType<Props>>

const loads: (() => Promise<unknown>)[] = []
/** What makes each part that could not be loaded anew: React keeps a failure for good. */
const failed: (() => void)[] = []

/** A part of the window that its start does without: its code comes when it is first shown. */
export function later<Props extends object>(load: Load<Props>): ComponentType<Props> {
  loads.push(load)
  const make = (): ComponentType<Props> =>
    lazy(async () => {
      try {
        await holdLaterParts()
        return { default: await load() }
      } catch (error) {
        failed.push(() => {
          Part = make()
        })
        throw error
      }
    })
  let Part = make()
  return (props) => createElement(Part, props)
}

/** Gives what could not be loaded another try. */
export function loadFailedAgain(): void {
  for (const makeAgain of failed.splice(0)) makeAgain()
}

/** Loads with the page what this browser could not check later. */
export async function loadWhatCannotWait(): Promise<void> {
  if (!canHoldParts()) await Promise.all(loads.map((load) => load()))
}
