/** Nobody listens there in the data center. */
export const deadPort = '23999';
