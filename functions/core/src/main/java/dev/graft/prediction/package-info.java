/** From an image to its prediction with the backbone and the head in use. */
@NullMarked
package dev.graft.prediction;

import org.jspecify.annotations.NullMarked;
