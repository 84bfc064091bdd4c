/**
 * From an image in the bucket to a stored feature: the backbone, what is stored, and the ingest of
 * events.
 */
@NullMarked
package dev.graft.feature;

import org.jspecify.annotations.NullMarked;
