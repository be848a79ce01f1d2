/* A plugin that fails to load. */

throw new Error('this package is broken on purpose')
