import {BlockList, isIP} from 'node:net'

import {invalid} from './errors.js'

/** Throws VALIDATION_FAILED for an entry that is neither an address nor a range in CIDR notation. */
export function checkAddresses(entries: readonly string[], field: string): void {
  if (!entries.every(isEntry)) throw invalid(field, 'must be addresses or ranges such as 10.1.0.0/16')
}

/** Whether an address is on the list, by itself or in a range. */
export function isListed(entries: readonly string[], address: string): boolean {
  const list = new BlockList()
  for (const entry of entries) {
    const [network = '', bits] = entry.split('/')
    if (bits === undefined) list.addAddress(network, family(network))
    else list.addSubnet(network, Number(bits), family(network))
  }
  // An IPv4 address within an IPv6 one, as a socket for both families shows it, is found as well.
  return list.check(address, family(address))
}

function isEntry(entry: string): boolean {
  const [network = '', bits, ...rest] = entry.split('/')
  const version = isIP(network)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
