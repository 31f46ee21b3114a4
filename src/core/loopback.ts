const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/** True for a host name or address of this machine: no network is crossed. IPv6 with or without brackets. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host);
}
