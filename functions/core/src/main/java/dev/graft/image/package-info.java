/**
 * From the bytes of a file to the pixels a backbone takes; the same code for ingest and for
 * requests.
 */
package dev.graft.image;
