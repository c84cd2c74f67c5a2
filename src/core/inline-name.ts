/** Name of the node that a query of the command line becomes. */
export const INLINE_NAME = 'inline_query';
