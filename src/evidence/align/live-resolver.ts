import type { JsonObject } from '../../base/canonical-json.ts';
import type { Entity, ResolveEntity } from '../../model/component/entity.ts';
import { createEntityResolver, type EntityAliases } from './resolve-entity.ts';

/**
 * Resolves by the newest aliases. Sources resolve a resource once and keep the answer, and they
 * stay at work when the configuration changes, so the answer itself follows.
 */
export class LiveResolver {
  #resolve: ResolveEntity;
  #version = 0;

  constructor(aliases: EntityAliases) {
    this.#resolve = createEntityResolver(aliases);
  }

  /** Takes other aliases; what was answered before answers by them, too. */
  replace(aliases: EntityAliases): void {
    this.#resolve = createEntityResolver(aliases);
    this.#version += 1;
  }

  readonly resolve: ResolveEntity = (resource: JsonObject): Entity => {
    let version = this.#version;
    let known = this.#resolve(resource);
    const now = (): Entity => {
      if (version === this.#version) return known;
      version = this.#version;
      known = this.#resolve(resource);
      return known;
    };
    return {
      get component() {
        return now().component;
      },
      get host() {
        return now().host;
      },
      get service() {
        return now().service;
      },
      get clock() {
        return now().clock;
      },
    };
  };
}
