/** What becomes of an uploaded object: an image a stored feature, a label file labels. */
@NullMarked
package dev.graft.ingest;

import org.jspecify.annotations.NullMarked;
