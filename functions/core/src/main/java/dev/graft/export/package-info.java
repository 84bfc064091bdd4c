/** The whole model as one file for other runtimes. */
@NullMarked
package dev.graft.export;

import org.jspecify.annotations.NullMarked;
