// Network addresses as they are kept with marks: four bytes, or sixteen.
import ipaddr from 'ipaddr.js';

/** The bytes of an address; null for what is none. An IPv4 address inside an IPv6 one is that IPv4 address. */
export function addressBytes(text: string): Buffer | null {
  return ipaddr.isValid(text) ? Buffer.from(ipaddr.process(text).toByteArray()) : null;
}

/** An address as people write it (RFC 5952). */
export const addressText = (bytes: Buffer): string => ipaddr.fromByteArray([...bytes]).toString();

/** Tells whether an address (its bytes) is in one of these networks (CIDR); null where none are known. */
export function networkCheck(networks: readonly string[]): (address: Buffer) => boolean | null {
  if (networks.length === 0) return () => null;
  const ranges = networks.map((network) => ipaddr.parseCIDR(network));
  return (bytes) => {
    const address = ipaddr.fromByteArray([...bytes]);
    return ranges.some((range) => range[0].kind() === address.kind() && address.match(range));
  };
}
