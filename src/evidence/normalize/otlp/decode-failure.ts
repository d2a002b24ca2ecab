/** The bytes are not what the format says; nothing of the body can be trusted. */
export class MalformedBody extends Error {
  /** Where decoding stopped: `byte 12`, or the path of a member of JSON. */
  readonly where: string;

  constructor(why: string, where: number | string) {
    super(why);
    this.name = 'MalformedBody';
    this.where = typeof where === 'number' ? `byte ${where}` : where;
  }
}

/** The body is well-formed but asks for more memory than one request may have. */
export class BodyTooLarge extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'BodyTooLarge';
  }
}

/** One record of a well-formed body cannot be taken; its siblings can. */
export class RejectedRecord extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'RejectedRecord';
  }
}
