/** Measurements of the ingest, in the package of what they measure, which is not public. */
@NullMarked
package dev.graft.local;

import org.jspecify.annotations.NullMarked;
