import {sanitizeLine} from '../sanitize.js'
import type {Column, View} from './view.js'

/** A setting and where its value came from. */
export interface SettingRecord {
  readonly key: string
  /** Absent where it has none. */
  readonly value?: string | number | boolean | undefined
  readonly source: string
  /** The variable, file or profile. */
  readonly origin?: string | undefined
}

const key: Column<SettingRecord> = {
  header: 'key',
  value: setting => setting.key,
  paint: (text, style) => style.bold(text),
}
const value: Column<SettingRecord> = {header: 'value', value: setting => setting.value?.toString()}
const from: Column<SettingRecord> = {
  header: 'from',
  value: ({source, origin}) => (origin === undefined ? source : `${source} (${origin})`),
  paint: (text, style, {source}) => (source === 'default' ? style.dim(text) : text),
}

/** A setting with its value and where that came from. */
export const settingView: View<SettingRecord> = {columns: [key, value, from]}

/** A setting of which a person or a script wants the bare value. */
export const settingValueView: View<SettingRecord> = {
  ...settingView,
  line: setting => sanitizeLine(`${setting.value ?? ''}`),
}
