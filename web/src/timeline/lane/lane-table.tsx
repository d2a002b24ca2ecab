import type { DensityBucket } from '../../api/types.ts';
import { Link } from '../../shell/link.tsx';
import { millisecondWords } from '../../time/words.ts';
import { countsOf, slotsOf, type SlotCount } from './lane-slots.ts';
import type { TimeWindow } from '../range/time-range.ts';
import type { Mark } from './use-marks.ts';
import './lane-table.css';

/** One lane's counts, as the drawing has them. */
export interface LaneCounts {
  readonly name: string;
  readonly buckets: readonly DensityBucket[] | undefined;
  readonly bucketMs: number;
}

interface LaneTableProps {
  readonly all: LaneCounts;
  readonly lanes: readonly LaneCounts[];
  readonly marks: readonly Mark[];
  readonly window: TimeWindow;
}

/** As many rows as are read in one go; a narrower part of time shows finer ones. */
const ROWS = 12;

/** The lanes as a table, newest first: for who does not see them, and to copy the numbers. */
export function LaneTable({ all, lanes, marks, window }: LaneTableProps) {
  const slots = slotsOf(window, ROWS);
  const columns = [all, ...lanes].map(({ name, buckets, bucketMs }) => ({
    name,
    counts: countsOf(buckets ?? [], bucketMs, slots),
  }));
  const rows = slots.map((slot, at) => ({ slot, at })).toReversed();
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Lanes as a table">
      <table className="lane-table">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Changes</th>
            {columns.map(({ name }) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ slot, at }) => (
            <tr key={slot.from}>
              <th scope="row">{millisecondWords(slot.from).slice(0, 8)}</th>
              <td className="lane-changes">
                <MarksWithin slot={slot} marks={marks} />
              </td>
              {columns.map(({ name, counts }) => (
                <td key={name} className="number">
                  <CountWords of={counts[at]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MarksWithin(props: { readonly slot: TimeWindow; readonly marks: readonly Mark[] }) {
  const { from, to } = props.slot;
  const marks = props.marks.filter(({ at }) => at >= from && at < to);
  // What matters comes before the checkpoints, which come by themselves and in numbers.
  const ordered = marks.toSorted((a, b) => Number(isRoutine(a)) - Number(isRoutine(b)));
  const rest = ordered.length - MARKS_MAX;
  return (
    <>
      {ordered.slice(0, MARKS_MAX).map((mark) => (
        <MarkWords key={`${mark.at} ${mark.words}`} mark={mark} />
      ))}
      {rest > 0 && <p className="fine">and {rest} more</p>}
    </>
  );
}

/** A row of the table stays a row; a narrower part of time shows all of them. */
const MARKS_MAX = 4;

function isRoutine(mark: Mark): boolean {
  return mark.kind === 'checkpoint' && mark.look === 'plain';
}

function MarkWords({ mark }: { readonly mark: Mark }) {
  const words = `${millisecondWords(mark.at).slice(0, 8)} ${mark.words}`;
  const noun = mark.kind === 'run' ? 'runs' : `${mark.kind}s`;
  return <p>{mark.kind === 'change' ? words : <Link to={[noun, mark.id]}>{words}</Link>}</p>;
}

function CountWords({ of }: { readonly of: SlotCount | undefined }) {
  if (of === undefined || of.all === 0) return <span className="fine">–</span>;
  const { all, warnings, errors } = of;
  return (
    <>
      {all.toLocaleString('en')}
      {errors > 0 && <b className="lane-errors"> {errors.toLocaleString('en')} err</b>}
      {warnings > 0 && <span className="soft"> {warnings.toLocaleString('en')} warn</span>}
    </>
  );
}
