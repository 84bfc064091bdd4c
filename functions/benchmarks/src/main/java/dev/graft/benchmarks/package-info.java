/** Measurements, started by hand; see the README of the repository. */
package dev.graft.benchmarks;
