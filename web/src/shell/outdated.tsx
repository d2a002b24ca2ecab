import { useState } from 'react';

/** Says that the daemon was replaced since this page was loaded: old pages misread new answers. */
export function Outdated({ version }: { readonly version: string | undefined }) {
  const [loaded, setLoaded] = useState(version);
  if (loaded === undefined && version !== undefined) setLoaded(version);
  if (version === undefined || loaded === undefined || version === loaded) return null;
  return (
    <p className="outdated tone-busy" role="status">
      lastgood is now {version}; this page is of {loaded}.
      <button className="button button-bare" onClick={() => window.location.reload()}>
        Reload
      </button>
    </p>
  );
}
