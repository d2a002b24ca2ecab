import assert from 'node:assert/strict';
import { unwrap } from '../base/result.ts';
import type { StateImage } from '../model/checkpoint/capture.ts';
import { loadImage } from '../model/checkpoint/image-blob.ts';
import type { ObservedState } from '../ports/provider-client.ts';
import type { Applied, ProviderCapabilities } from '../ports/provider.ts';
import type {
  ApplyOrder,
  ChildApply,
  HostAtWork,
  Mishap,
  ProviderSubject,
} from './provider-subject.ts';

/** One subject and the host that works over it at the moment. */
export class ProviderTrial {
  readonly subject: ProviderSubject;
  host: HostAtWork;
  #token = 0;

  private constructor(subject: ProviderSubject, host: HostAtWork) {
    this.subject = subject;
    this.host = host;
  }

  static async begin(make: () => Promise<ProviderSubject>): Promise<ProviderTrial> {
    const subject = await make();
    return new ProviderTrial(subject, await subject.host());
  }

  async end(): Promise<void> {
    await this.host.stop();
    await this.subject.remove();
  }

  /** The next token of a run. */
  token(): number {
    this.#token += 1;
    return this.#token;
  }

  async capabilities(): Promise<ProviderCapabilities> {
    return unwrap(await this.host.client.capabilities(this.subject.state));
  }

  async capture(): Promise<ObservedState> {
    return unwrap(await this.host.client.capture(this.subject.state));
  }

  async observe(): Promise<ObservedState> {
    return unwrap(await this.host.client.observe(this.subject.state));
  }

  async image(state: ObservedState): Promise<StateImage> {
    return unwrap(await loadImage(state.image, (hash) => this.host.vault.get(hash)));
  }

  /** The spec as the provider's own schema reads it. */
  async spec(): Promise<unknown> {
    const { provider, state } = this.subject;
    const parsed = await provider.specSchema['~standard'].validate(state.spec);
    assert.equal(parsed.issues, undefined);
    return 'value' in parsed ? parsed.value : undefined;
  }

  async order(now: ObservedState, to: ObservedState): Promise<ApplyOrder> {
    const { provider, state } = this.subject;
    const steps = provider.plan(await this.spec(), await this.image(now), await this.image(to));
    assert.equal(steps.length, 1, `${state.id} is changed in one step`);
    const paths = steps[0]?.paths ?? [];
    return { desired: to.image, paths, expects: now.fingerprint, runToken: this.token() };
  }

  async apply(what: ApplyOrder): Promise<Applied> {
    return unwrap(await this.host.client.apply(this.subject.state, what));
  }

  /** Both forms captured and durable; the target has form `two`. */
  async bothForms(): Promise<{ readonly one: ObservedState; readonly two: ObservedState }> {
    await this.subject.shape('one');
    const one = await this.capture();
    await this.subject.shape('two');
    const two = await this.capture();
    unwrap(await this.host.vault.flush());
    return { one, two };
  }

  async restart(): Promise<void> {
    await this.host.stop();
    this.host = await this.subject.host();
  }

  /** Applies in another process, to which something happens, and works on with a new host. */
  async applyInChild(order: ApplyOrder, mishap: Mishap): Promise<ChildApply> {
    await this.host.stop();
    const ended = await this.subject.applyInChild(order, mishap);
    this.host = await this.subject.host();
    return ended;
  }

  /** Goes back through the same functions, as an undo would. */
  async driveTo(to: ObservedState): Promise<void> {
    const now = await this.observe();
    if (now.fingerprint !== to.fingerprint) {
      assert.deepEqual(await this.apply(await this.order(now, to)), { kind: 'done' });
    }
    assert.equal((await this.observe()).fingerprint, to.fingerprint);
  }
}
