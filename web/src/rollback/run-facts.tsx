import type { ReactNode } from 'react';
import type { Run } from '../api/types.ts';
import { Id } from '../part/id.tsx';
import { Person } from '../part/person.tsx';
import { When } from '../part/when.tsx';

/** When a run began and ended, who had a word in it, and what belongs to it. */
export function RunFacts({ run }: { readonly run: Run }) {
  const { startedAt, endedAt, before, plan, decision, batch } = run;
  return (
    <section className="card">
      <dl className="facts card-body">
        <Fact name="Started">
          <When at={startedAt} age />
        </Fact>
        <People run={run} />
        <Extensions run={run} />
        {endedAt !== undefined && (
          <Fact name="Ended">
            <When at={endedAt} age />
          </Fact>
        )}
        {batch.of > 1 && (
          <Fact name="Batch">
            {batch.number} of {batch.of}: {batch.components.join(', ')}
          </Fact>
        )}
        {decision !== undefined && <Fact name="Decision">{decision.toLowerCase()}</Fact>}
        {before !== undefined && (
          <Fact name="State before">
            <Id to={['checkpoints', before]}>{before}</Id>
          </Fact>
        )}
        <Fact name="Plan">
          <Id to={['plans', plan]}>{plan}</Id>
        </Fact>
      </dl>
    </section>
  );
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
}

function Fact({ name, children }: FactProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function People({ run: { requestedBy, approval } }: { readonly run: Run }) {
  return (
    <>
      <Fact name="Asked for by">
        <Person id={requestedBy} />
      </Fact>
      {approval?.by !== undefined && (
        <Fact name="Approved by">
          <Person id={approval.by} />
        </Fact>
      )}
      {approval?.breakGlass !== undefined && <Fact name="Glass broken">{approval.breakGlass}</Fact>}
    </>
  );
}

/** Who gave it more time, and until when. */
function Extensions({ run: { extensions = [] } }: { readonly run: Run }) {
  return extensions.map(({ at, by, until }) => (
    <Fact key={until} name="More time">
      until <When at={until} />, by <Person id={by} />{' '}
      <span className="soft">
        at <When at={at} />
      </span>
    </Fact>
  ));
}
