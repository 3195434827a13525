import type {View} from './view.js'

/** A profile: settings that go together. */
export interface ProfileRecord {
  readonly name: string
  /** Whether it is the one in use. */
  readonly current: boolean
  readonly server?: string | undefined
  readonly username?: string | undefined
  readonly room?: string | undefined
}

/** A profile; `*` marks the one in use. */
export const profileView: View<ProfileRecord> = {
  columns: [
    {
      header: 'name',
      value: profile => profile.name,
      paint: (text, style, {current}) => (current ? style.bold(text) : text),
    },
    {header: 'server', value: profile => profile.server},
    {header: 'username', value: profile => profile.username},
    {header: 'room', value: profile => profile.room},
    {header: 'current', value: profile => (profile.current ? '*' : undefined)},
  ],
}
