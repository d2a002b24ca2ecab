/**
 * `lastgood/testing`: the conformance suites that an adapter of a port must pass. Call a suite from
 * a `node:test` file with a name and a factory that makes one subject; every test makes its own.
 */
export { testComparedProvider, type ComparedSubject } from './compared-provider-conformance.ts';
export { testControlStore, type ControlStoreSubject } from './control-store-conformance.ts';
export { testNotifier, type NotifierSubject, type ReceiverMood } from './notifier-conformance.ts';
export { testProvider } from './provider-conformance.ts';
export type { ProviderSubject } from './provider-subject.ts';
export { testSource, type SourceSubject } from './source-conformance.ts';
export { telemetryStoreConformance } from './telemetry-store-conformance.ts';
export type { StoreUnderTest } from './telemetry-test-data.ts';
export { testVault, type VaultSubject } from './vault-conformance.ts';
