/**
 * From the bytes of a file to the pixels a backbone takes; the same code for ingest and for
 * requests.
 */
@NullMarked
package dev.graft.image;

import org.jspecify.annotations.NullMarked;
