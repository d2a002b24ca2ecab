/**
 * So much of the confirm deadline may go into watching; the rest is for applying, and for a person
 * to look and answer.
 */
export const WATCHING_SHARE_MAX = 0.5;
