// What a zip file would unpack to, read from its directory before anything is unpacked: a bomb must not be opened.

const MAX_UNPACKED = 50_000_000;
const MAX_ENTRIES = 2000;
const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** True when the directory (PKWARE APPNOTE 4.3.12, 4.3.16) is whole and promises at most 50 MB in all, at most 2,000 entries. */
export function isSmallZip(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  const lowest = Math.max(0, bytes.length - 22 - 65_535);
  while (end >= lowest && view.getUint32(end, true) !== END_OF_DIRECTORY) end -= 1;
  if (end < lowest || end < 0) return false;
  const entries = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (entries > MAX_ENTRIES) return false;
  let unpacked = 0;
  for (let entry = 0; entry < entries; entry += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) return false;
    const size = view.getUint32(at + 24, true);
    // Deflate packs at most about 1,032 : 1; a directory that promises less than nothing for its packed size lies.
    const packed = view.getUint32(at + 20, true);
    unpacked += size;
    if (unpacked > MAX_UNPACKED || (packed > 1000 && size < packed / 2)) return false;
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return true;
}
