/**
 * Why the order of two records of the timeline cannot be told. The one rule of the command line
 * and of the pages; a module of its own, so that a browser loads it without the validator.
 */
export { neighborDoubt } from '../../model/record/order-doubt.ts';
