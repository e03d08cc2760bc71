/** Injection tokens of things that are not classes of ours. */
export const LOGGER = Symbol('logger');
export const DATABASE_LISTENER = Symbol('database listener');
export const CONFIG = Symbol('configuration');
