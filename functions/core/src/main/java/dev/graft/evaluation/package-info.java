/** What out-of-fold probabilities say about a head and its images: pure functions on arrays. */
@NullMarked
package dev.graft.evaluation;

import org.jspecify.annotations.NullMarked;
