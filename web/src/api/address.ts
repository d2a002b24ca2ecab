/** One request, ready for `fetch`; the path is relative to the page. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
}

/**
 * Fills an address such as `POST /plans/{id}/apply` with the members of its input: those named in
 * the path go there, the others into the query of a GET or the JSON body of everything else.
 */
export function requestOf(address: string, input: object): ApiRequest {
  const [method = 'GET', template = '/'] = address.split(' ');
  const members = new Map<string, unknown>(Object.entries(input));
  const path = template.replace(/\{(\w+)\}/g, (_whole, member: string) => {
    const value = members.get(member);
    members.delete(member);
    return encodeURIComponent(String(value));
  });
  if (method !== 'GET') {
    return { method, path: `api/v1${path}`, body: JSON.stringify(Object.fromEntries(members)) };
  }
  const query = new URLSearchParams();
  for (const [key, value] of members) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) query.append(key, String(one));
    }
  }
  const suffix = query.size === 0 ? '' : `?${query}`;
  return { method, path: `api/v1${path}${suffix}`, body: undefined };
}
