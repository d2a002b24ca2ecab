import { useState } from 'react';
import type { Incident } from '../api/types.ts';
import { useAct } from '../api/use-api.ts';
import { Ask } from '../part/ask.tsx';
import { Problem } from '../part/problem.tsx';

/** What a person does to an incident: look after it, close it. */
export function IncidentActions({ incident }: { readonly incident: Incident }) {
  const { id, state } = incident;
  const [isClosing, setClosing] = useState(false);
  const ack = useAct('incidentAck');
  const close = useAct('incidentClose', () => setClosing(false));
  if (state === 'closed') return null;
  return (
    <div className="actions">
      {ack.error !== null && <Problem error={ack.error} />}
      {state === 'open' && (
        <button className="button" disabled={ack.isPending} onClick={() => ack.mutate({ id })}>
          Acknowledge
        </button>
      )}
      <button className="button" onClick={() => setClosing(true)}>
        Close
      </button>
      {isClosing && (
        <Ask
          title="Close this incident"
          question="How did it end?"
          action="Close it"
          pending={close.isPending}
          error={close.error}
          onAnswer={(reason) => close.mutate({ id, reason })}
          onClose={() => setClosing(false)}
        />
      )}
    </div>
  );
}
