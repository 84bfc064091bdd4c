/**
 * The solver alone: cross-entropy of a linear layer with L2, minimized by preconditioned L-BFGS.
 */
package dev.graft.fit;
