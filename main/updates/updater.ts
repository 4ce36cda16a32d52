/** A version that was found. */
export type FoundVersion = {
  readonly version: string
  /** What is new in it, in plain words; '' where its makers said nothing. */
  readonly news: string
}

/** The host's way to a newer version of the app. */
export type Updater = {
  /** null: there is none. Raises what network or server say. */
  check(): Promise<FoundVersion | null>
  /** Brings the version that was found last, and checks its signature. */
  download(onShare: (share: number) => void): Promise<void>
  /** Ends the app and starts the new version of it. */
  install(): void
}
