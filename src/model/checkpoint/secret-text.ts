/**
 * Which files and which lines hold secrets, judged by their names alone, as operators do. Too much
 * is hidden rather than too little: a hidden line costs a look at the host, a shown one a key.
 */

/** File names whose content never appears in a diff, as globs on the last part of the path. */
const SECRET_NAMES: readonly RegExp[] = [
  /^\.env(\..*)?$/i,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|gpg|asc|ovpn|keytab)$/i,
  /^id_(rsa|dsa|ecdsa|ed25519)(_sk)?$/i,
  /^(g?shadow|sudoers|krb5\.keytab|htpasswd|\.htpasswd|\.netrc|\.pgpass|\.my\.cnf)-?$/i,
  /(^|[._-])(passwords?|passwd|secrets?|credentials?|tokens?|private)([._-]|$)/i,
];

/** Public things that the patterns above would catch. */
const PUBLIC_NAMES: readonly RegExp[] = [/^passwd-?$/, /\.pub$/i];

/** Whether a file's name says that its content is secret. */
export function isSecretPath(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (PUBLIC_NAMES.some((pattern) => pattern.test(name))) return false;
  return SECRET_NAMES.some((pattern) => pattern.test(name));
}

/** Words in a key that say its value is secret. */
const SECRET_WORDS =
  String.raw`(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|` +
  String.raw`private[_-]?key|credential|auth(?:entication)?[_-]?key|key-string|` +
  String.raw`message-digest-key\s+\d+\s+md5|community|psk|salt)`;

/**
 * A key that sounds secret, then `=`, `:` or white space, then its value. The repetitions are
 * bounded so that a hostile line of megabytes costs linear time.
 */
const SECRET_SETTING = new RegExp(
  String.raw`(${SECRET_WORDS}[\w.-]{0,64}` +
    String.raw`["']?\s{0,16}(?:[:=]>?|\s)\s{0,16})("[^"]*"?|'[^']*'?|[^\s,;}<]+)`,
  'gi',
);

/** The text of an XML element whose name sounds secret. */
const SECRET_ELEMENT = new RegExp(
  String.raw`(<[\w.:-]{0,64}${SECRET_WORDS}[\w.-]{0,64}(?:\s[^<>]{0,256})?>)[^<]+`,
  'gi',
);

/** A YAML key that sounds secret and whose value is the deeper lines that follow. */
const SECRET_BLOCK_KEY = new RegExp(
  String.raw`^([\s-]*)["']?[\w.-]{0,64}${SECRET_WORDS}[\w.-]{0,64}["']?\s{0,16}:` +
    String.raw`\s{0,16}[|>][+-]?\d?[+-]?\s*(?:#.*)?$`,
  'i',
);

/** A web address that is a password itself: who knows its path may post there. */
const SECRET_HOOK = new RegExp(
  String.raw`(\bhttps://(?:hooks\.[\w.-]{1,128}|` +
    String.raw`[\w.-]{1,128}/(?:[\w-]{1,32}/){0,3}(?:web)?hooks?)/)[^\s"'<>,;)]+`,
  'gi',
);

/**
 * Settings of network programs whose secret is not the word after their name: its kind stands
 * between (`password 8 …`), or the user (`stats auth` of HAProxy).
 */
const SECRET_OF_KIND = new RegExp(
  String.raw`(\bpassword\s{1,16}(?:clear|md5|\d{1,2})\s{1,16}|\bcookie-key\s{1,16}|` +
    String.raw`\bstats\s{1,16}auth\s{1,16}[^\s:]{1,128}:)\S+`,
  'gi',
);

/** A password within a URL: `scheme://user:password@host`. */
const SECRET_URL = /(\b[a-z][a-z0-9+.-]{0,32}:\/\/[^\s:/@]{0,128}:)[^\s@/]{1,512}(@)/gi;

/** Bearer tokens and the like in a header line. */
const SECRET_HEADER = /(\bbearer\s+|\bbasic\s+(?=\S{8}))[A-Za-z0-9._~+/=-]+/gi;

/** Whole header lines that are secrets: `Authorization: …`, `Cookie: …`, also as settings. */
const SECRET_LINE =
  /(\b(?:(?:proxy-)?authorization|(?:set-)?cookies?)["']?\s{0,16}[:=]\s{0,16})\S.*/gi;

/** Blocks such as a private key that stand in the middle of a file. */
const SECRET_BLOCK = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z0-9 ]*-----|$)/g;

/** The text with the values of secret settings replaced by `<hidden>`. */
export function hideSecrets(text: string): string {
  const hidden = text
    .replaceAll(SECRET_BLOCK, (block) => block.replaceAll(/[^\n]+/g, '<hidden>'))
    .replaceAll(SECRET_LINE, '$1<hidden>')
    .replaceAll(SECRET_ELEMENT, '$1<hidden>')
    .replaceAll(SECRET_URL, '$1<hidden>$2')
    .replaceAll(SECRET_HOOK, '$1<hidden>')
    .replaceAll(SECRET_HEADER, '$1<hidden>')
    .replaceAll(SECRET_OF_KIND, '$1<hidden>')
    .split('\n');
  return withoutBlockValues(hidden)
    .map((line) => line.replaceAll(SECRET_SETTING, '$1<hidden>'))
    .join('\n');
}

/**
 * The end of what a program said, which says why it failed. Cut first, a secret could lose the key
 * that gives it away.
 */
export function lastWords(text: string, charsMax: number): string {
  return hideSecrets(text.trim()).slice(-charsMax);
}

/** Hides the lines that are the value of a YAML key above them. */
function withoutBlockValues(lines: readonly string[]): readonly string[] {
  let keyDepth: number | undefined;
  return lines.map((line) => {
    const depth = line.search(/\S/);
    if (keyDepth !== undefined && (depth < 0 || depth > keyDepth)) {
      return depth < 0 ? line : `${line.slice(0, depth)}<hidden>`;
    }
    const key = line.length > KEY_LINE_MAX ? undefined : SECRET_BLOCK_KEY.exec(line);
    keyDepth = key?.[1]?.length;
    return line;
  });
}

/** No key of a block value stands on a longer line. */
const KEY_LINE_MAX = 512;
