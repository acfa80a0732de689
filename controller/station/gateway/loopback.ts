/**
 * Whom the gateway talks to. It listens on the loopback address, but any web page that a browser on this machine
 * shows may knock there: by a foreign name that resolves to 127.0.0.1 (DNS rebinding), or from a foreign origin. So the
 * `Host` must be a loopback name and an `Origin` must be exactly this host.
 */
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** @param host the `Host` header, with or without a port */
export function isLoopbackHost(host: string | undefined): host is string {
  if (host === undefined) return false;
  const name = /^(?<name>\[[0-9a-f:]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(host)?.groups?.['name'];
  return name !== undefined && LOOPBACK_NAMES.has(name.toLowerCase());
}

/** A page may only talk to the very station that it came from. */
export const isOwnOrigin = (origin: string | undefined, host: string | undefined): boolean =>
  isLoopbackHost(host) && origin?.toLowerCase() === `http://${host.toLowerCase()}`;
