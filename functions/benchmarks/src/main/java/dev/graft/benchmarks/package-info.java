/** Measurements, started by hand; see README.md of this module. */
package dev.graft.benchmarks;
