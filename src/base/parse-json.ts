import type { Json, JsonObject } from './canonical-json.ts';

/** Deeper values are no data of anybody, and whoever walks through them runs out of stack. */
const DEPTH_MAX = 256;

/**
 * The value of a JSON text; undefined when the text is none, as after a torn write, or when it is
 * nested deeper than anything that is meant.
 */
export function parseJson(text: string): Json | undefined {
  if (isTooDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object of a JSON text; undefined when the text is none or holds something else. */
export function parseJsonObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isJsonObject(value) ? value : undefined;
}

/** Whether a JSON value is an object, neither an array nor `null`. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTooDeep(text: string): boolean {
  return mayBeDeep(text) && depthOf(text) > DEPTH_MAX;
}

/** Few texts have so many brackets at all; only those are looked at character by character. */
function mayBeDeep(text: string): boolean {
  if (text.length <= 2 * DEPTH_MAX) return false;
  let seen = 0;
  for (const bracket of ['[', '{']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      seen += 1;
      if (seen > DEPTH_MAX) return true;
    }
  }
  return false;
}

/** How deeply a text nests, brackets within texts left out; of what is no JSON just a number. */
function depthOf(text: string): number {
  let [depth, most, inText] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (inText) {
      if (char === '\\') at += 1;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === '[' || char === '{') {
      depth += 1;
      if (depth > most) most = depth;
    } else if (char === ']' || char === '}') depth -= 1;
  }
  return most;
}
