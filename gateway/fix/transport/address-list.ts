// Which remote addresses may connect. IPv4-mapped IPv6 addresses count as IPv4.
import { BlockList, isIPv6 } from 'node:net';

/** Addresses and blocks that may connect. */
export class AddressList {
  private readonly list = new BlockList();
  private readonly anyone: boolean;

  /** Addresses or CIDR blocks separated by commas; empty admits everyone. */
  constructor(addresses: string) {
    this.anyone = addresses === '';
    if (this.anyone) return;
    for (const each of addresses.split(',')) {
      const [address = '', bits] = each.trim().split('/');
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.list.addAddress(address, family);
      else this.list.addSubnet(address, Number(bits), family);
    }
  }

  admits(remote: string | undefined): boolean {
    if (this.anyone) return true;
    if (remote === undefined) return false;
    const address = remote.startsWith('::ffff:') ? remote.slice(7) : remote;
    return this.list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }
}
