/** What out-of-fold probabilities say about a head and its images: pure functions on arrays. */
package dev.graft.evaluation;
