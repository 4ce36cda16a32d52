export type Rectangle = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

export type WindowPlace = {
  /** null: wherever the system puts a new window. */
  readonly x: number | null
  readonly y: number | null
  readonly width: number
  readonly height: number
}

export const smallestWindow = { width: 720, height: 520 } as const
const firstWindow = { width: 1180, height: 800 } as const

/** So much of the window's top must be on a screen: enough to see it and to take hold of it. */
const graspable = { width: 160, height: 40 } as const

const overlap = (from: number, length: number, areaFrom: number, areaLength: number): number =>
  Math.min(from + length, areaFrom + areaLength) - Math.max(from, areaFrom)

/**
 * Where the window opens: as it was left, but never larger than the screen it is on, and never on one that is gone.
 * @param workAreas of the screens that are connected now, the main one first
 */
export function placeWindow(last: Rectangle | null, workAreas: readonly Rectangle[]): WindowPlace {
  const wanted = last ?? firstWindow
  const home =
    last === null
      ? undefined
      : workAreas.find(
          (area) =>
            overlap(last.x, last.width, area.x, area.width) >= graspable.width &&
            overlap(last.y, graspable.height, area.y, area.height) >= graspable.height,
        )
  const area = home ?? workAreas[0]
  const fit = (size: number, smallest: number, largest: number | undefined): number =>
    Math.max(smallest, Math.min(size, largest ?? size))
  const width = fit(wanted.width, smallestWindow.width, area?.width)
  const height = fit(wanted.height, smallestWindow.height, area?.height)
  if (last === null || home === undefined) return { x: null, y: null, width, height }
  const inside = (at: number, size: number, from: number, length: number): number =>
    Math.max(from, Math.min(at, from + length - size))
  return {
    x: inside(last.x, width, home.x, home.width),
    y: inside(last.y, height, home.y, home.height),
    width,
    height,
  }
}
