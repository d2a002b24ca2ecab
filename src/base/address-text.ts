/** The address of 4 or 16 bytes; IPv6 in the form of RFC 5952. */
export function addressText(view: DataView): string | undefined {
  if (view.byteLength === 4) {
    return [0, 1, 2, 3].map((at) => view.getUint8(at)).join('.');
  }
  if (view.byteLength !== 16) return undefined;
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) => view.getUint16(at, false));
  const { start, length } = longestZeros(groups);
  const hex = (part: readonly number[]): string =>
    part.map((group) => group.toString(16)).join(':');
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  return best;
}
