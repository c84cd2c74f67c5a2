/** Where the macros stand that velo ships, as their spans name it. */
export const SHIPPED_FOLDER = 'global_macros/';
