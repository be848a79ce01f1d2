/* A plugin that cannot be loaded. */

throw new Error('this package is broken on purpose')
