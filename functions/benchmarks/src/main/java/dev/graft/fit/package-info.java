/** Benchmarks of the solver. */
package dev.graft.fit;
