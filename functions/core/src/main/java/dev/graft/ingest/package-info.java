/** What becomes of an uploaded object: an image a stored feature, a label file labels. */
package dev.graft.ingest;
