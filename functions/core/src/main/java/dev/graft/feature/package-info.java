/**
 * From an image in the bucket to a stored feature: the backbone, what is stored, and the ingest of
 * events.
 */
package dev.graft.feature;
