import type {View} from './view.js'

/** An answer or a frame as the server gave it: JSON, whatever the format asked for. */
export const rawView: View<unknown> = {columns: [], isJson: true}
