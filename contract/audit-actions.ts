/** What stands in the audit log. `quota.grant.end` is written by the clock, `token.refused` by the door. */
export const auditActions = [
  'quota.reset',
  'quota.undo',
  'quota.grant',
  'quota.grant.end',
  'quota.limits',
  'quota.decline',
  'account.create',
  'account.disable',
  'account.enable',
  'account.role',
  'account.password',
  'sessions.end',
  'token.end',
  'token.refused',
  'backup.create',
  'data.repair',
  'support.read',
  'preset.set',
  'preset.remove',
] as const
export type AuditAction = (typeof auditActions)[number]
