/** What the backend asks of the hash worker. Bytes up to `committedBytes` never change again. */
export type HashRequest =
  | { readonly kind: 'advance'; readonly id: string; readonly path: string; readonly committedBytes: number }
  | { readonly kind: 'digest'; readonly id: string; readonly path: string; readonly sizeBytes: number }
  | { readonly kind: 'forget'; readonly id: string }

export type HashAnswer =
  | { readonly kind: 'digest'; readonly id: string; readonly sha256: string }
  | { readonly kind: 'failed'; readonly id: string; readonly message: string }
