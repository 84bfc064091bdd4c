/**
 * Fits heads with Spark MLlib to an export of the table. Knows nothing of the other modules: it
 * runs on Java 17, and what it writes is read by {@code dev.graft.training.ClusterFit}.
 */
@NullMarked
package dev.graft.spark;

import org.jspecify.annotations.NullMarked;
