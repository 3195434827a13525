import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {makeHome, type Running, startProcess} from './veza.js'

/** Whether the program is there through which a service manager is told. */
export const hasSystemdNotify = ['/usr/bin/systemd-notify', '/bin/systemd-notify'].some(existsSync)

/** Node has no datagram sockets of the Unix domain; every Debian has Perl. A line for each message, its lines joined by `|`. */
const RECEIVER = `
use strict; use Socket; $| = 1;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die $!;
bind($socket, sockaddr_un($ARGV[0])) or die $!;
print "bound\\n";
while (defined recv($socket, my $message, 65536, 0)) { $message =~ s/\\n/|/g; print "$message\\n" }
`

/** What a service manager hears. */
export interface NotifySocket {
  /** For the command's environment. */
  readonly NOTIFY_SOCKET: string
  readonly receiver: Running
  /** The messages so far, without the barriers that say nothing. */
  heard(): readonly string[]
}

/** A socket as systemd has one, for one test. */
export async function openNotifySocket(): Promise<NotifySocket> {
  const path = join(makeHome().folder, 'notify')
  const receiver = startProcess('/usr/bin/perl', ['-e', RECEIVER, path], {})
  let text = ''
  receiver.child.stdout.on('data', (chunk: string) => {
    text += chunk
  })
  await receiver.sees('stdout', 'bound\n')
  return {
    NOTIFY_SOCKET: path,
    receiver,
    heard: () => text.split('\n').filter(line => line.includes('=') && !line.startsWith('BARRIER=')),
  }
}
