/**
 * The release of dbt whose projects velo reads and whose files it writes. Tools that read artifacts choose their parser
 * by it, so it is what they are told, not velo's own version.
 */
export const DBT_VERSION = '1.12.6';

/** As in package.json; a test compares. */
export const VELO_VERSION = '0.1.0';
