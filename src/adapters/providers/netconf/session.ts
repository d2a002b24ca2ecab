import { fromUtf8 } from '../../../base/bytes.ts';
import { messageOf, type LastgoodError } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { waited } from '../../../base/waited.ts';
import { hideSecrets } from '../../../model/checkpoint/secret-text.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Conversation } from '../../../ports/conversation.ts';
import type { ProviderIo } from '../../../ports/provider.ts';
import { framed, MessageReader, type Framing } from './framing.ts';
import { BASE_NAMESPACE, canChunk, canSpeak, OUR_HELLO, readHello, type Hello } from './hello.ts';
import { nameOf, wayTo, type NetconfSpec } from './netconf-spec.ts';
import { refusalError, rpcErrorOf, type RpcError } from './rpc-error.ts';
import type { XmlElement } from './xml/element.ts';
import { parseXml } from './xml/parse-xml.ts';

/** What of the host a session needs. */
export type SessionIo = Pick<ProviderIo, 'converse' | 'clock' | 'signal'>;

/** How an operation ended, where the caller needs to know how it was refused. */
export type Answer =
  | { readonly kind: 'answered'; readonly reply: XmlElement }
  | { readonly kind: 'refused'; readonly error: RpcError };

/** An open session with a device. */
export interface Session {
  readonly hello: Hello;
  /** One operation; a refusal of the device is an answer. */
  try(operation: string): Promise<Result<Answer>>;
  /** One operation that must be done; `doing` is what a failure is called. */
  ask(doing: string, operation: string): Promise<Result<XmlElement>>;
}

/** No session asks more often than this; each answer has its own deadline. */
const ANSWERS_MAX = 40;

/**
 * Yuma's server may take our hello and the first operation at once, and then leaves the operation
 * lying; so they are set apart, further each time it happens.
 */
const YUMA_PAUSES_MS = [20, 100, 500, 2_000] as const;

/** Yuma's server answers nothing asked about nothing within a millisecond. */
const UNHEARD_MS = 1_000;

/** Enough of a banner to know it by. */
const SPEECH_CHARS_SHOWN = 120;

/** More than is shown, so that no secret is cut from the key that gives it away. */
const SPEECH_BYTES_READ = 16 * 1024;

/** Reads nothing of the configuration. */
const NOTHING = '<get-config><source><running/></source><filter type="subtree"/></get-config>';

/**
 * Opens a session, lets `work` use it, and closes it in good order, so that no lock stays behind.
 * LG_PROVIDER_DEVICE_SPEECH when what answers does not speak NETCONF.
 */
export async function inSession<Value>(
  spec: NetconfSpec,
  io: SessionIo,
  work: (session: Session) => Promise<Result<Value>>,
): Promise<Result<Value>> {
  for (const pauseMs of YUMA_PAUSES_MS) {
    let isUnheard = false;
    const options = { timeoutMs: spec.timeout * ANSWERS_MAX };
    const ended = await io.converse(wayTo(spec), options, async (conversation) => {
      const session = new OpenSession(spec, conversation, io.clock);
      const greeted = await session.greet();
      if (!greeted.ok) return greeted;
      isUnheard = session.hello.isYuma && !(await isHeardAfter(pauseMs, session, io));
      if (isUnheard) return notTaken(spec);
      const done = await work(session);
      await session.close();
      return done;
    });
    if (!isUnheard) return ended;
    io.signal.throwIfAborted();
  }
  return notTaken(spec);
}

function notTaken(spec: NetconfSpec): Result<never> {
  const what = `${nameOf(spec)}: took no operation after its hello`;
  return err(lgError('LG_PROVIDER_DEVICE_SPEECH', what));
}

async function isHeardAfter(
  pauseMs: number,
  session: OpenSession,
  { clock, signal }: SessionIo,
): Promise<boolean> {
  return (await waited(pauseMs, clock, signal)) && (await session.try(NOTHING, UNHEARD_MS)).ok;
}

class OpenSession implements Session {
  readonly #spec: NetconfSpec;
  readonly #conversation: Conversation;
  readonly #clock: Pick<Clock, 'uptimeMs'>;
  readonly #reader = new MessageReader();
  #framing: Framing = 'end-mark';
  #hello: Hello = { capabilities: new Set(), modules: new Map(), isYuma: false };
  #asked = 0;
  /** Why no answer can be told from another any more: one was late, or none. */
  #broken: LastgoodError | undefined;

  constructor(spec: NetconfSpec, conversation: Conversation, clock: Pick<Clock, 'uptimeMs'>) {
    this.#spec = spec;
    this.#conversation = conversation;
    this.#clock = clock;
  }

  get hello(): Hello {
    return this.#hello;
  }

  async greet(): Promise<Result<void>> {
    const { timeout } = this.#spec;
    const message = await this.#hear(this.#clock.uptimeMs() + timeout);
    if (!message.ok) return message;
    if (message.value === undefined) return this.#failed(this.#withoutHello(timeout));
    const hello = readHello(message.value);
    if (hello === undefined) return this.#garbled(`begins with ${message.value.name}, no hello`);
    if (!canSpeak(hello)) return this.#garbled('its hello names no base:1.0 and no base:1.1');
    this.#hello = hello;
    this.#conversation.write(framed(OUR_HELLO, 'end-mark'));
    if (canChunk(hello)) this.#framing = 'chunks';
    this.#reader.useFraming(this.#framing);
    return ok(undefined);
  }

  async try(operation: string, timeoutMs = this.#spec.timeout): Promise<Result<Answer>> {
    this.#asked += 1;
    const id = String(this.#asked);
    const attributes = `xmlns="${BASE_NAMESPACE}" message-id="${id}"`;
    const rpc = `<?xml version="1.0" encoding="UTF-8"?>\n<rpc ${attributes}>`;
    // Also where nobody hears the answer: to let go of a lock does good all the same.
    this.#conversation.write(framed(`${rpc}${operation}</rpc>`, this.#framing));
    if (this.#broken !== undefined) return err(this.#broken);
    const untilMs = this.#clock.uptimeMs() + timeoutMs;
    for (;;) {
      const heard = await this.#hear(untilMs);
      if (!heard.ok) return heard;
      const reply = heard.value;
      if (reply === undefined) return this.#failed(this.#late(timeoutMs));
      if (reply.name === 'notification') continue;
      // An error without a number answers a message that the device could not read.
      const number = reply.attributes.get('message-id') ?? id;
      if (reply.name !== 'rpc-reply' || number !== id) {
        return this.#garbled(`answers ${reply.name} ${number} to operation ${id}`);
      }
      const error = rpcErrorOf(reply);
      return ok(error === undefined ? { kind: 'answered', reply } : { kind: 'refused', error });
    }
  }

  async ask(doing: string, operation: string): Promise<Result<XmlElement>> {
    const answer = await this.try(operation);
    if (!answer.ok) return answer;
    if (answer.value.kind === 'answered') return ok(answer.value.reply);
    return err(refusalError(`${nameOf(this.#spec)}: ${doing}`, answer.value.error));
  }

  /** Whether it is closed well does not matter any more: it ends with its connection. */
  async close(): Promise<void> {
    await this.try('<close-session/>');
  }

  /** The next message; undefined when it has not come as a whole by then. */
  async #hear(untilMs: number): Promise<Result<XmlElement | undefined>> {
    try {
      for (;;) {
        const message = this.#reader.next();
        if (message !== undefined) return ok(parseXml(message));
        const leftMs = untilMs - this.#clock.uptimeMs();
        const bytes = leftMs > 0 ? await this.#conversation.read(leftMs) : ok(undefined);
        if (!bytes.ok) return this.#failed(bytes.error);
        if (bytes.value === undefined) return ok(undefined);
        this.#reader.push(bytes.value);
      }
    } catch (thrown) {
      if (thrown instanceof SyntaxError) return this.#garbled(messageOf(thrown));
      if (!(thrown instanceof RangeError)) throw thrown;
      if (this.#asked === 0) return this.#garbled(`instead of a hello, ${messageOf(thrown)}`);
      this.#conversation.hangUp();
      const what = `${nameOf(this.#spec)}: ${messageOf(thrown)}`;
      return this.#failed(lgError('LG_PROVIDER_TOO_LARGE', what, thrown));
    }
  }

  #withoutHello(timeoutMs: number): LastgoodError {
    this.#conversation.hangUp();
    const { length, beginning } = this.#reader.unfinished;
    if (length === 0) return this.#late(timeoutMs);
    const words = printable(beginning);
    const what = `no hello of NETCONF within ${timeoutMs} ms, after ${length} bytes beginning`;
    return lgError('LG_PROVIDER_DEVICE_SPEECH', `${nameOf(this.#spec)}: ${what} “${words}”`);
  }

  #late(timeoutMs: number): LastgoodError {
    const { length } = this.#reader.unfinished;
    const what = length === 0 ? 'said nothing' : `${length} bytes and no end of an answer`;
    const where = nameOf(this.#spec);
    return lgError('LG_PROVIDER_TIMEOUT', `${where}: ${what} within ${timeoutMs} ms`);
  }

  #garbled(what: string): Result<never> {
    this.#conversation.hangUp();
    const where = nameOf(this.#spec);
    return this.#failed(lgError('LG_PROVIDER_DEVICE_SPEECH', `${where}: ${what}`));
  }

  #failed(error: LastgoodError): Result<never> {
    this.#broken = error;
    return err(error);
  }
}

/** What stands at the beginning of bytes that may be anything; cut only once it is hidden. */
function printable(bytes: Uint8Array): string {
  const text = hideSecrets(fromUtf8(bytes.subarray(0, SPEECH_BYTES_READ)));
  return text
    .replaceAll(/[^ -~]+/g, ' ')
    .trim()
    .slice(0, SPEECH_CHARS_SHOWN);
}
