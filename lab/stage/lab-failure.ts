/** Something of the lab did not happen. Its message says what, where, what was seen, what to do. */
export class LabFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LabFailure';
  }
}
