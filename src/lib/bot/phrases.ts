/** The languages that a bot speaks by itself. */
export const LANGUAGES = ['en', 'fr'] as const

/** One of them. */
export type Language = (typeof LANGUAGES)[number]

/** What a bot has counted since its start. */
export interface BotStats {
  readonly received: number
  readonly sent: number
  readonly reconnects: number
}

/** All that a bot says by itself, in one language. */
export interface Phrases {
  /** For `Intl`. */
  readonly locale: string
  readonly pong: string
  help(commands: string): string
  time(now: string): string
  stats(stats: BotStats): string
  unknown(help: string): string
  greeting(username: string, content: string): string
  forbidden(command: string): string
  tooOften(command: string, waitSeconds: number): string
  failed(command: string, exitCode: number): string
  ended(command: string): string
  missing(command: string): string
  tooLong(command: string, timeoutSeconds: number): string
  readonly cut: string
}

const EN: Phrases = {
  locale: 'en-GB',
  pong: '🏓 Pong!',
  help: commands => `Commands: ${commands}`,
  time: now => `🕐 It is ${now}`,
  stats: ({received, sent, reconnects}) =>
    `📊 Stats: ${received} messages received, ${sent} sent, ${reconnects} reconnections`,
  unknown: help => `Unknown command. Type \`${help}\` to see the commands.`,
  greeting: (username, content) => `Hello ${username}! I have got your message: "${content}". I am a bot.`,
  forbidden: command => `You may not use \`${command}\`.`,
  tooOften: (command, waitSeconds) => `Too often: \`${command}\` can be used again in ${waitSeconds} s.`,
  failed: (command, exitCode) => `\`${command}\` failed (exit code ${exitCode}).`,
  ended: command => `\`${command}\` failed.`,
  missing: command => `\`${command}\` cannot be run here.`,
  tooLong: (command, timeoutSeconds) => `\`${command}\` took longer than ${timeoutSeconds} s and was ended.`,
  cut: '… (cut)',
}

const FR: Phrases = {
  locale: 'fr-FR',
  pong: '🏓 Pong!',
  help: commands => `Commandes disponibles: ${commands}`,
  time: now => `🕐 Il est actuellement ${now}`,
  stats: ({received, sent, reconnects}) =>
    `📊 Stats: ${received} messages reçus, ${sent} envoyés, ${reconnects} reconnexions`,
  unknown: help => `Commande inconnue. Tapez \`${help}\` pour voir les commandes disponibles.`,
  greeting: (username, content) =>
    `Salut ${username}! J'ai reçu ton message: "${content}". Je suis un bot automatique.`,
  forbidden: command => `Vous ne pouvez pas utiliser \`${command}\`.`,
  tooOften: (command, waitSeconds) =>
    `Trop souvent: \`${command}\` est de nouveau disponible dans ${waitSeconds} s.`,
  failed: (command, exitCode) => `\`${command}\` a échoué (code ${exitCode}).`,
  ended: command => `\`${command}\` a échoué.`,
  missing: command => `\`${command}\` n'est pas disponible ici.`,
  tooLong: (command, timeoutSeconds) => `\`${command}\` a pris plus de ${timeoutSeconds} s et a été arrêté.`,
  cut: '… (coupé)',
}

/** What a bot says by itself, by language. The words of the guide's bot (section 6 of the contract) where it has them. */
export const PHRASES: Readonly<Record<Language, Phrases>> = {en: EN, fr: FR}
