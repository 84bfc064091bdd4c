/** Measurements, started by hand; see README.md of this module. */
@NullMarked
package dev.graft.benchmarks;

import org.jspecify.annotations.NullMarked;
