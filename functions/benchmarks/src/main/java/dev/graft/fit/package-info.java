/** Benchmarks of the solver. */
@NullMarked
package dev.graft.fit;

import org.jspecify.annotations.NullMarked;
